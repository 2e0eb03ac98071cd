import { expect, test } from 'vitest'
import { COMPETITOR_CASES } from '../src/competitors/cases.ts'
import { competitorsDocument } from '../src/competitors/document.ts'
import { COMPETITORS } from '../src/competitors/competitors.ts'
import { runCompetitor } from '../src/competitors/run.ts'
import { type Facts, verdictOf } from '../src/competitors/verdict.ts'

const [base] = COMPETITOR_CASES
const facts: Facts = {
  outcome: 'error',
  text: '',
  unhandled: 0,
  closed: true,
  bytesTaken: 0,
  elsewhere: 0,
  keyElsewhere: false,
}

test('a verdict follows from facts', () => {
  if (base === undefined) throw new Error('no case')
  const { closes: _closes, ...plain } = base
  const text = { ...plain, expected: 'text' } as const
  expect(verdictOf(plain, facts, '')).toBe('right')
  expect(verdictOf(plain, { ...facts, outcome: 'end' }, '')).toBe('quiet success')
  expect(verdictOf(plain, { ...facts, outcome: 'hangs' }, '')).toBe('hangs')
  expect(verdictOf(plain, { ...facts, unhandled: 1 }, '')).toBe('crashes the process')
  expect(verdictOf({ ...plain, words: 'slow' }, { ...facts, error: 'Error: no' }, '')).toBe('wrong error')
  expect(verdictOf({ ...plain, closes: true }, { ...facts, closed: false }, '')).toBe('leaves the socket open')
  expect(verdictOf({ ...plain, boundBytes: 1 }, { ...facts, bytesTaken: 2 }, '')).toBe('takes all of it')
  expect(verdictOf(plain, { ...facts, elsewhere: 1 }, '')).toBe('follows it')
  expect(verdictOf(plain, { ...facts, elsewhere: 1, keyElsewhere: true }, '')).toBe('follows it with the key')
  expect(verdictOf(text, facts, 'Hi')).toBe('wrong error')
  expect(verdictOf(text, { ...facts, outcome: 'end', text: 'H' }, 'Hi')).toBe('wrong text')
})

test('the page shows every library under every fault', () => {
  const findings = COMPETITOR_CASES.flatMap(({ row, name: fault }) =>
    COMPETITORS.map(({ name }) => ({
      competitor: name,
      row,
      fault,
      ...(name === 'openai'
        ? { verdict: 'quiet success' as const, facts: { ...facts, outcome: 'end' as const, text: 'a | b' } }
        : { verdict: 'right' as const, facts }),
    })),
  )
  const page = competitorsDocument(findings, new Date(0))
  for (const { name, packages } of COMPETITORS) for (const one of [name, ...packages]) expect(page).toContain(one)
  for (const { name } of COMPETITOR_CASES) expect(page).toContain(`| ${name} `)
  expect(page).toContain(`**0 of ${COMPETITOR_CASES.length}**`)
  expect(page).toContain('end: “a b”')
  expect(page).toContain('1970-01-01')
})

test('the cases cover these rows', () => {
  const rows = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 19, 22, 23, 24, 28, 29, 30, 31, 32, 35]
  expect([...new Set(COMPETITOR_CASES.map(({ row }) => row))]).toEqual(rows)
})

test.each(COMPETITOR_CASES.filter(({ row }) => [6, 19, 24].includes(row)).map((one) => [one.name, one] as const))(
  'Rivulet passes the same case: %s',
  { timeout: 60_000 },
  async (_name, one) => {
    const [rivulet] = COMPETITORS
    if (rivulet === undefined) throw new Error('no competitor')
    const { facts: seen, text } = await runCompetitor(rivulet, one)
    expect(verdictOf(one, seen, text)).toBe('right')
  },
)
