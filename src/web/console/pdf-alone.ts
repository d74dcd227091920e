// Before anything of pdf.js runs: whatever a worker could talk to others with is taken away from it.
const ROADS = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'WebTransport',
  'RTCPeerConnection',
  'importScripts',
  'Worker',
  'SharedWorker',
  'BroadcastChannel',
  'indexedDB',
  'caches',
]

for (const road of ROADS) {
  for (let owner: object | null = globalThis; owner; owner = Object.getPrototypeOf(owner)) {
    Reflect.deleteProperty(owner, road)
  }
}
// Storage, locks and the rest hang on it; pdf.js asks it for the platform's name.
Object.defineProperty(globalThis, 'navigator', { value: { platform: '', userAgent: '' } })
if (ROADS.some(road => road in globalThis)) throw new Error('not alone')

export {}
