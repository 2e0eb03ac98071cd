import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { page } from '../src/page.ts'
import { type Row, rows } from '../src/rows.ts'
import { bases, type calls, cell, pageCell, wholeOf } from '../src/table.ts'

const rowOf = (what: string): Row => rows.find((row) => row.what === what) ?? expect.unreachable()
const early = rowOf('the answer ends early')

describe('an answer that ends early, whenever the first member is asked', () => {
  it.each([
    ['without Rivulet', 'streamText', '**a part, no error**, finish `interrupted`', 1],
    ['one member', 'streamText', 'a part, error', 1],
    ['a failover of two', 'streamText', 'a part, error', 1],
    ['one member', 'generateText', 'error', 3],
    ['a failover of two', 'generateText', 'whole', 2],
    ['a failover of two', 'a tool loop', 'whole', 3],
  ] as const)('%s, in %s: %s', async (base, call: keyof typeof calls, outcome, requests) => {
    expect(await cell(early, base, call, await wholeOf(call))).toEqual({ outcome, requests })
  })

  it('is drawn whole by a page', async () => {
    expect(await pageCell(early, await wholeOf('streamText'))).toEqual({ outcome: 'whole', requests: 2 })
  })
})

it('a key that is refused costs a failover one request for each call, and no retry', async () => {
  const refused = rowOf('a wrong key')
  const whole = await wholeOf('streamText')
  expect(await cell(refused, 'a failover of two', 'streamText', whole)).toEqual({ outcome: 'whole', requests: 2 })
  expect(await cell(refused, 'one member', 'streamText', whole)).toEqual({ outcome: 'error', requests: 1 })
})

it('the page is of these rows', async () => {
  const written = await readFile(new URL('../../../docs/ai-sdk.md', import.meta.url), 'utf8')
  const cells = { streamText: bases.map(() => ({ outcome: 'whole', requests: 1 })) }
  const lines = rows.map((row) => ({ row, cells, page: { outcome: 'whole', requests: 1 } }))
  expect(page(lines).split('\n## ')[0]).toBe(written.split('\n## ')[0])
  for (const { what } of rows) expect(written.split(`| ${what} `)).toHaveLength(5)
})
