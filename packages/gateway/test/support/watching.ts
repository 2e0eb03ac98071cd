import type { GatewayObserver, RequestEnd } from '../../src/index.ts'

/** What one request told: each call by the name of its function, in order. */
export type Told = readonly [name: string, value: unknown]

/** Keeps what it is told, by request. */
export function watching(): {
  observer: GatewayObserver
  requests: Told[][]
  end: (at?: number) => RequestEnd | undefined
} {
  const requests: Told[][] = []
  const observer: GatewayObserver = {
    request(arrival) {
      const told: Told[] = [['arrival', arrival]]
      requests.push(told)
      const keep =
        (name: string) =>
        (value: unknown): void => {
          told.push([name, value])
        }
      return {
        asked: keep('asked'),
        attempt: keep('attempt'),
        firstContent: keep('firstContent'),
        chunk: keep('chunk'),
        ended: keep('ended'),
      }
    },
  }
  const end = (at = -1): RequestEnd | undefined => {
    const [name, value] = requests.at(at)?.at(-1) ?? []
    // What `ended` is called with.
    return name === 'ended' ? (value as RequestEnd) : undefined
  }
  return { observer, requests, end }
}
