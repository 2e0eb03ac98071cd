import type { Finding } from './matrix.ts'

/** How soon the server saw a connection close after its caller had left it, beside a bare socket of the same process. */
export interface Closing {
  /** `the caller breaks` */
  how: string
  /** `undici, alone` */
  where: string
  count: number
  medianMs: number
  slowestMs: number
  bareMedianMs: number
  bareSlowestMs: number
}

/** The longest that a close may take, in milliseconds. */
export const CLOSED_WITHIN_MS = 50

export function closingsOf(findings: readonly Finding[]): Closing[] {
  const measured = findings.filter(({ closedMs }) => closedMs !== undefined)
  const groups = Map.groupBy(measured, ({ law, transport, place }) =>
    [law.replace(/^.*: /, ''), `${transport}, ${place}`].join('\n'),
  )
  return [...groups]
    .map(([key, found]) => {
      const [how = '', where = ''] = key.split('\n')
      const times = sorted(found.map(({ closedMs = 0 }) => closedMs))
      const bare = sorted(found.map(({ bareMs = 0 }) => bareMs))
      return {
        how,
        where,
        count: times.length,
        medianMs: medianOf(times),
        slowestMs: times.at(-1) ?? 0,
        bareMedianMs: medianOf(bare),
        bareSlowestMs: bare.at(-1) ?? 0,
      }
    })
    .sort((a, b) => a.how.localeCompare(b.how) || b.where.localeCompare(a.where))
}

const sorted = (numbers: number[]): number[] => numbers.sort((a, b) => a - b)
const medianOf = (numbers: readonly number[]): number => numbers[Math.floor(numbers.length / 2)] ?? 0

export const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`

/** For a terminal. */
export function closingLines(findings: readonly Finding[]): string {
  return closingsOf(findings)
    .map(({ how, where, count, medianMs, slowestMs, bareMedianMs, bareSlowestMs }) => {
      const late = slowestMs > CLOSED_WITHIN_MS ? `; MORE THAN ${CLOSED_WITHIN_MS} ms` : ''
      return `closed after ${how} (${where}): median ${milliseconds(medianMs)}, slowest ${milliseconds(slowestMs)} of ${count}; a bare socket: ${milliseconds(bareMedianMs)}, ${milliseconds(bareSlowestMs)}${late}`
    })
    .join('\n')
}
