export type { HoldMode } from './answer/hold.ts'
export { gateway, type GatewayServer } from './gateway.ts'
export { type GatewayKey, newKey } from './keys/key.ts'
export type { Listening, ListenOptions } from './node/listen.ts'
export type {
  Arrival,
  Attempt,
  GatewayObserver,
  ObserverPage,
  Operation,
  Question,
  RequestEnd,
  RequestObserver,
} from './observe/observer.ts'
export type { GatewayOptions } from './options.ts'
