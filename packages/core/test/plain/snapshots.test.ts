import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chat } from '../../src/plain/chat.ts'
import { partialJson } from '../../src/plain/partial-json.ts'
import type { Snapshot } from '../../src/plain/snapshots.ts'
import type { StandardSchema } from '../../src/tools/standard-schema.ts'
import { failure, finish, start } from '../support/providers.ts'
import { breaks, read, says, scripted } from './support.ts'

const plain = (provider: ReturnType<typeof scripted>) => chat(provider, { retry: { backoffMs: 0 } })

describe('snapshots()', () => {
  test('give the answer so far; the last one is whole', async () => {
    const texts: string[] = []
    let last: Snapshot | undefined
    for await (const snapshot of plain(scripted(says('Hel', 'lo'))).snapshots('Hello')) {
      texts.push(snapshot.text)
      expect(snapshot.reason).toBe(snapshot.text === 'Hello' && texts.length === 3 ? 'stop' : undefined)
      last = snapshot
    }
    expect(texts).toEqual(['Hel', 'Hello', 'Hello'])
    expect(last).toMatchObject({ provider: 'local', model: 'm1', reason: 'stop', toolCalls: [] })
  })

  test('a page that draws snapshots survives a cut', async () => {
    const provider = scripted(breaks('Hal', 'lu'), says('Hel', 'lo'))
    let page = ''
    for await (const { text } of plain(provider).snapshots('Hello')) page = text
    expect(page).toBe('Hello')
  })

  test('what was read is kept; what is read later is the answer as it is then', async () => {
    const kept: Snapshot[] = []
    for await (const snapshot of plain(scripted(says('Hel', 'lo'))).snapshots('Hello')) {
      if (kept.length === 0) expect(snapshot.text).toBe('Hel')
      kept.push(snapshot)
    }
    expect(kept.map(({ text }) => text)).toEqual(['Hel', 'Hello', 'Hello'])
  })

  test('each is a new object, so that a page that compares sees the change', async () => {
    const all = await read(plain(scripted(says('Hel', 'lo'))).snapshots('Hello'))
    expect(new Set(all).size).toBe(all.length)
  })

  test('as JSON they are results', async () => {
    const last = (await read(plain(scripted(says('Hello'))).snapshots('Hello'))).at(-1)
    expect(JSON.parse(JSON.stringify(last))).toEqual(await plain(scripted(says('Hello'))).complete('Hello'))
  })

  test('a console shows what is in them', async () => {
    const [first] = await read(plain(scripted(says('Hello'))).snapshots('Hello'))
    expect(inspect(first)).toContain("text: 'Hello'")
  })

  test('have reasoning and calls', async () => {
    const events = [
      start,
      { type: 'reasoning', text: 'Hm' },
      { type: 'tool-call', id: 'c1', name: 'weather' },
      { type: 'tool-input', id: 'c1', text: '{"city":' },
      finish,
    ] as const
    const last = (await read(plain(scripted({ events })).snapshots('Hello'))).at(-1)
    expect(last?.reasoning).toBe('Hm')
    expect(last?.toolCalls).toMatchObject([{ name: 'weather', input: '{"city":' }])
  })

  test('a break closes the stream', async () => {
    const provider = scripted(says('Hel', 'lo'))
    for await (const { text } of plain(provider).snapshots('Hello')) if (text === 'Hel') break
    expect(provider.open()).toBe(0)
  })
})

/** The smallest schema library: a river has a name and a length. */
const river: StandardSchema<{ name: string; km: number }> = {
  '~standard': {
    validate: (value) => {
      const { name, km } = value as Record<string, unknown>
      if (typeof name !== 'string') return { issues: [{ message: 'must be a text', path: ['name'] }] }
      if (typeof km !== 'number') return { issues: [{ message: 'must be a number', path: ['km'] }] }
      return { value: { name, km } }
    },
    jsonSchema: { input: () => ({ type: 'object', properties: { name: { type: 'string' }, km: { type: 'number' } } }) },
  },
}

describe('an object that is still being written', () => {
  test('is partial until the end, and validated there', async () => {
    const provider = scripted(says('{"name":"Do', 'nau","k', 'm":28', '50}'))
    const objects = await read(plain(provider).snapshots('Which river?', { schema: river }))
    const seen: unknown[] = []
    for await (const { object } of plain(provider).snapshots('Which river?', { schema: river })) seen.push(object)
    expect(seen).toEqual([
      { name: 'Do' },
      { name: 'Donau' },
      { name: 'Donau' },
      { name: 'Donau', km: 2850 },
      { name: 'Donau', km: 2850 },
    ])
    expect(objects.at(-1)?.object).toEqual({ name: 'Donau', km: 2850 })
    expect(provider.requests[0]?.responseFormat).toEqual({
      name: 'answer',
      schema: river['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }),
      strict: 'auto',
    })
  })

  test('one that does not match its schema in the end is an error', async () => {
    const error = await failure(
      read(plain(scripted(says('{"name":5}'))).snapshots('?', { schema: river })),
      'malformed',
    )
    expect(error).toMatchObject({
      message: expect.stringContaining('name: must be a text') as string,
      partial: { text: '{"name":5}' },
    })
  })
})

describe('the value of a JSON text that is still being written', () => {
  test.each<[string, unknown]>([
    ['', undefined],
    ['tru', undefined],
    ['12', undefined],
    ['"ab', 'ab'],
    ['"a\\', 'a'],
    ['"a\\u00', 'a'],
    ['"a\\u00e9', 'aé'],
    ['[1, 2', [1]],
    ['[1, 2,', [1, 2]],
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a": 1', {}],
    ['{"a": 1,', { a: 1 }],
    ['{"a": 1, "b', { a: 1 }],
    ['{"a": {"b": ["x", "y', { a: { b: ['x', 'y'] } }],
    ['{"a,{": "x', { 'a,{': 'x' }],
    ['no JSON', undefined],
    ['{"a": oops, ', undefined],
    ['}', undefined],
  ])('%s', (text, value) => {
    expect(partialJson(text)).toEqual(value)
  })

  test('only grows, piece by piece, into the whole', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), (value, at) => {
        const text = JSON.stringify(value)
        const cutAt = at % (text.length + 1)
        const partial = partialJson(text.slice(0, cutAt))
        const later = partialJson(text.slice(0, cutAt + 1))
        if (partial !== undefined) expect(isPartOf(partial, later)).toBe(true)
        if (later !== undefined) expect(isPartOf(later, JSON.parse(text))).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('costs as much as the text is long, however deep it is', () => {
    expect(partialJson('['.repeat(5_000))).toBeInstanceOf(Array)
    expect(partialJson(`${'{"a":'.repeat(5_000)}"x`)).toBeInstanceOf(Object)
  })
})

/** Whether everything of a partial value is in a later one: texts may grow. */
function isPartOf(partial: unknown, whole: unknown): boolean {
  if (typeof partial === 'string') return typeof whole === 'string' && whole.startsWith(partial)
  if (typeof partial !== 'object' || partial === null) return Object.is(partial, whole)
  if (typeof whole !== 'object' || whole === null) return false
  return Object.entries(partial).every(([name, value]) => isPartOf(value, (whole as Record<string, unknown>)[name]))
}
