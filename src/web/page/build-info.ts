// What the build wrote into the page about itself, as data: the same script runs served and opened from disk.
import type { BuildInfo } from './build-shape.ts'

export function buildInfo(): BuildInfo {
  return JSON.parse(document.getElementById('bongsu-build')?.textContent ?? 'null')
}
