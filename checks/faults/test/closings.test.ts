import { expect, test } from 'vitest'
import { closingLines, closingsOf } from '../src/closings.ts'
import { markdown } from '../src/markdown.ts'
import type { Finding } from '../src/matrix.ts'

const finding = (transport: string, closedMs?: number): Finding => ({
  id: 'x',
  provider: 'X',
  law: 'in a process of its own: the caller breaks',
  rows: [24],
  transport,
  form: 'streamed',
  place: 'alone',
  ok: true,
  observed: '',
  ...(closedMs !== undefined && { closedMs, bareMs: 1 }),
})

test('closing times are grouped by cause and place, beside a bare socket', () => {
  const findings = [3, 1, 2].map((ms) => finding('undici', ms))
  expect(closingsOf([...findings, finding('fetch')])).toEqual([
    {
      how: 'the caller breaks',
      where: 'undici, alone',
      count: 3,
      medianMs: 2,
      slowestMs: 3,
      bareMedianMs: 1,
      bareSlowestMs: 1,
    },
  ])
  expect(closingLines(findings)).toBe(
    'closed after the caller breaks (undici, alone): median 2.0 ms, slowest 3.0 ms of 3; a bare socket: 1.0 ms, 1.0 ms',
  )
  expect(closingLines([finding('fetch', 51)])).toContain('MORE THAN 50 ms')
})

test('a table has columns as wide as its cells, counted in characters', () => {
  expect(markdown(['#', 'what'], [['1', '🌊🌊🌊🌊🌊']], ['right'])).toBe(
    ['|   # | what  |', '| --: | ----- |', '|   1 | 🌊🌊🌊🌊🌊 |'].join('\n'),
  )
})
