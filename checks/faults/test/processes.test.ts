import { byteServer, type ByteServer } from '@rivulet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CASES, tryCase } from '../src/processes.ts'
import { ROWS } from '../src/rows.ts'
import { type Proved, subjects } from '../src/subjects.ts'

/** Failures similar to others of the table: `pnpm truth` tries them all, for every provider. */
const SPARED =
  /status (402|404|413|408)|close in the middle|an empty body|an error document|empty finish reason|in words|mark alone/

let server: ByteServer
let proved: Proved
beforeAll(async () => {
  server = await byteServer()
  const [one] = await subjects(['gravityengine'])
  if (one === undefined) throw new Error('no subject')
  proved = one
})
afterAll(() => server.close())

describe.concurrent('a process with one call ends by itself and writes nothing to stderr', () => {
  test.each(CASES.filter(({ name }) => !SPARED.test(name)).map((one) => [one.name, one] as const))(
    '%s',
    { timeout: 60_000 },
    async (_name, one) => {
      expect((await tryCase(server, proved, one)).observed).toContain('the process ended by itself')
    },
  )
})

test.each(['abort', 'break'] as const)(
  'after %s the connection is closed, and the time is measured',
  async (manner) => {
    const one = CASES.find((each) => each.manner === manner)
    if (one === undefined) throw new Error('no case')
    for (const transport of ['undici', 'fetch'] as const) {
      const { closedMs } = await tryCase(server, proved, one, { transport, grouped: true })
      expect(closedMs).toBeGreaterThanOrEqual(0)
    }
  },
)

test('every row with a failure has a case in a process', () => {
  const rows = new Set(CASES.flatMap((one) => one.rows))
  // The others are about answers that arrive, or are tested within one process.
  const others = [7, 8, 16, 17, 18, 20, 22, 25, 26, 27, 29, 31, 33, 34, 36, 37]
  expect(ROWS.map(({ row }) => row).filter((row) => !rows.has(row))).toEqual(others)
})
