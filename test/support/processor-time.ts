/** Milliseconds of processor time that something takes: unlike a clock's, hardly touched by what else is at work. */
export function processorMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
