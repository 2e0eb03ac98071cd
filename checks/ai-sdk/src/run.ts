import type { Line } from './page.ts'
import type { Row } from './rows.ts'
import { bases, calls, cell, pageCell, wholeOf } from './table.ts'

/** Most of the time passes in waits of ai between its retries. */
const AT_ONCE = 4

/** Runs every call under each of these faults. */
export async function linesOf(rows: readonly Row[]): Promise<Line[]> {
  // Theirs are printed for each call.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  // The keys of an object of ours.
  const names = Object.keys(calls) as (keyof typeof calls)[]
  const whole = new Map(await Promise.all(names.map(async (name) => [name, await wholeOf(name)] as const)))
  const expected = (name: keyof typeof calls) => whole.get(name) ?? { text: '', failed: true, ran: 0 }
  const lines: Line[] = []
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE).map(async (row): Promise<Line> => {
      const entries = names.map(async (name) => {
        const cells = bases.map((base) => cell(row, base, name, expected(name)))
        return [name, await Promise.all(cells)] as const
      })
      const drawn = pageCell(row, expected('streamText'))
      return { row, cells: Object.fromEntries(await Promise.all(entries)), page: await drawn }
    })
    lines.push(...(await Promise.all(some)))
  }
  return lines
}
