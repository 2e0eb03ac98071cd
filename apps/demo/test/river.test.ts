import { expect, test } from 'vitest'
import { linesOf, widthOf } from '../public/river/geometry.js'
import { briefStateOf, labelOf, sentenceOf, stateOf } from '../public/river/sentences.js'

const NAMES: Record<string, string> = { openai: 'OpenAI', google: 'Google' }
const nameOf = (id: string): string => NAMES[id] ?? id

test('more traffic is a wider line, and no traffic still a line', () => {
  const widths = [0, 15, 60, 240, 100_000].map(widthOf)
  expect(widths[0]).toBe(1)
  expect(widths.toSorted((one, other) => one - other)).toEqual(widths)
  expect(widths.at(-1)).toBeLessThan(20)
})

test('in the river the lines lie beside each other, in the order of their rows, around its middle', () => {
  const bed = { width: 1000, height: 160, rows: [10, 50, 90, 130] }
  const widths = [1, 7, 1, 4]
  const ends = linesOf(bed, widths).map((line) => Number(/([\d.]+)$/.exec(line)?.[1]))
  for (const [index, end] of ends.entries()) {
    const next = ends[index + 1]
    if (next !== undefined) expect(next - end).toBeGreaterThan(((widths[index] ?? 0) + (widths[index + 1] ?? 0)) / 2)
  }
  expect(((ends[0] ?? 0) + (ends.at(-1) ?? 0)) / 2).toBeCloseTo(80, -1)
})

test('what happens is said in a sentence, and beside the line in a few words', () => {
  const broke = { kind: 'broke', answer: 'it', from: 'openai', code: 'timeout', pieces: 1 } as const
  expect([sentenceOf(broke, nameOf), labelOf(broke)]).toEqual([
    'OpenAI fell silent after 1 token.',
    'silent for too long after 1 token',
  ])
  const refused = { kind: 'broke', answer: 'it', from: 'openai', code: 'auth', status: 401, pieces: 0 } as const
  expect([sentenceOf(refused, nameOf), labelOf(refused)]).toEqual(['OpenAI refused the key (401).', '401'])
  const switched = { kind: 'switched', answer: 'it', from: 'openai', to: 'google', ms: 214, pieces: 0 } as const
  expect([sentenceOf(switched, nameOf), labelOf(switched)]).toEqual([
    'Google took over from OpenAI 0.21 s later. Nothing was lost.',
    '+0.21 s',
  ])
  const alone = { kind: 'down', answer: 'it', code: 'truncated', attempts: 1 } as const
  expect(sentenceOf(alone, nameOf)).toBe('The provider gave no whole answer, and the page says so.')
})

test('an open circuit says when it is probed: in seconds, in minutes, or with the next question', () => {
  const open = { id: 'openai', name: 'OpenAI', simulated: true, running: 0, health: 'open' } as const
  expect(stateOf({ ...open, nextProbeMs: 3000 }, 100)).toBe('circuit open; next probe in 3 s')
  expect(stateOf({ ...open, nextProbeMs: 600_000 }, 0)).toBe('circuit open; next probe in 10 min')
  expect(stateOf({ ...open, nextProbeMs: 3000 }, 3000)).toBe('circuit open; the next question probes')
})

test('beside a name is what a provider does now; in a river of real ones, a simulated one says that it is', () => {
  const provider = { id: 'openai', name: 'OpenAI', simulated: true, running: 1, health: 'well' } as const
  const now = { rate: 0, passedMs: 1500, isMixed: true }
  expect(briefStateOf(provider, { ...now, rate: 57.6 })).toBe('58 tokens/s')
  expect(briefStateOf(provider, now)).toBe('asked')
  expect(briefStateOf({ ...provider, running: 0 }, now)).toBe('simulated')
  expect(briefStateOf({ ...provider, running: 0 }, { ...now, isMixed: false })).toBe('')
  expect(briefStateOf({ ...provider, running: 0, health: 'open', nextProbeMs: 3000 }, now)).toBe('probe in 2 s')
})
