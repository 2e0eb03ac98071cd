import { expect, test } from 'vitest'
import { type Fault, faultCatalogue, faultKinds, faultsThatBreak, faultTable, simulator } from '../src/index.ts'

test('the catalogue lists every kind', () => {
  expect(faultCatalogue.map(({ kind }) => kind)).toEqual(faultKinds)
  expect(faultCatalogue).toContainEqual({
    kind: 'retry-after',
    summary: expect.stringContaining('429') as string,
    options: ['status', 'form', 'value'],
    defaults: {
      status: 429,
      form: ['seconds', 'ms-header', 'date', 'past-date', 'absurd', 'unreadable', 'none'],
    },
    breaks: true,
  })
  for (const { summary } of faultCatalogue) {
    expect(summary.length).toBeGreaterThan(10)
    expect(summary).not.toContain('\n')
  }
})

test('faults that break an answer are distinguished from unusual but correct formats', () => {
  const breaking = faultsThatBreak.map(({ kind }) => kind)
  expect(breaking).toEqual(expect.arrayContaining(['truncate', 'huge-error', 'cut-compressed', 'stall-mid-stream']))
  for (const harmless of ['bom', 'compressed', 'comments', 'dead-keep-alive', 'slow-accept'])
    expect(breaking).not.toContain(harmless)
})

test('the table has a line for each kind and aligned columns', () => {
  const [head = '', ...rows] = faultTable().trimEnd().split('\n')
  expect(rows).toHaveLength(faultKinds.length)
  for (const column of ['WHAT IT DOES', 'OPTIONS']) {
    const at = head.indexOf(column)
    for (const row of rows) expect(row.slice(at - 2, at).trim()).toBe('')
  }
  expect(rows.find((row) => row.startsWith('truncate'))).toMatch(/ breaks {2}ends the body .* afterEvents=3$/)
  expect(rows.find((row) => row.startsWith('line-ends'))).toMatch(/ends=crlf\|cr\|mixed\|lf$/)
})

test('an option outside its closed set is rejected with the list of allowed values', async () => {
  await using sim = await simulator()
  const set = (fault: object) => () => {
    // Untyped callers can pass anything.
    sim.fault('lockchat', fault as Fault)
  }
  expect(set({ kind: 'usage', form: 'interleaved' })).toThrow(
    'does not accept form: "interleaved"; expected one of: last-chunk,',
  )
  expect(set({ kind: 'redirect-loop', status: 304 })).toThrow('expected one of: 302, 301, 303, 307, 308')
  expect(set({ kind: 'compressed', coding: 'lzma' })).toThrow('does not accept coding: "lzma"')
  expect(set({ kind: 'random', probability: 2 })).toThrow('does not accept probability: 2')
  expect(set({ kind: 'endless-line', bytes: 0 })).toThrow('does not accept bytes: 0')
  expect(set({ kind: 'compressed', codding: 'gzip' })).toThrow('did you mean "coding"?')
})
