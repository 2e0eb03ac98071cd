import { readFileSync } from 'node:fs'
import type { Prefill } from '@rivulet/core'
import { KNOWN_QUIRKS, openaiCompatible } from '@rivulet/provider-openai-compatible'
import { type Simulator, simulator } from '@rivulet/simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anthropic, KNOWN_PROVIDERS, openai, rivulet } from '../src/index.ts'

const effortsOf = (prefill: Prefill): string => (prefill === true ? 'any' : [prefill].flat().join(', '))

/** A row of the table for each provider that continues a turn, of some models or of all. */
function rows(): string[][] {
  const known = KNOWN_PROVIDERS.map(({ id, create }) => ({ who: `\`${id}()\``, info: create({}).info }))
  const servers = Object.entries(KNOWN_QUIRKS).map(([name, { quirks }]) => ({
    who: `\`openaiCompatible()\` with \`KNOWN_QUIRKS.${name}\``,
    info: openaiCompatible({ baseUrl: 'http://127.0.0.1:1', quirks }).info,
  }))
  return [...known, ...servers].flatMap(({ who, info: { models, prefill = false } }) => {
    if (prefill !== false) return [[who, 'all', effortsOf(prefill)]]
    const able = models.filter((model) => model.prefill !== undefined)
    const [first] = able
    return first?.prefill === undefined ? [] : [[who, able.map(({ id }) => id).join(', '), effortsOf(first.prefill)]]
  })
}

describe('the guide', () => {
  const page = readFileSync(new URL('../../../docs/guides/routing.md', import.meta.url), 'utf8')
  const table = page.slice(page.indexOf('| who '), page.indexOf('An error says why nothing continued'))

  test('has a row for everybody who continues a turn, and no other', () => {
    const cells = table.trim().split('\n').slice(2)
    expect(
      cells.map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
    ).toEqual(rows())
  })
})

describe('over sockets', () => {
  let sim: Simulator
  beforeAll(async () => {
    sim = await simulator()
  })
  afterAll(() => sim.close())
  beforeEach(() => {
    sim.clear()
    sim.fault('openai', { kind: 'truncate', afterEvents: 4 })
  })

  const river = (model: string) =>
    rivulet({
      providers: [
        openai({ apiKey: 'key', baseUrl: sim.baseUrl('openai') }),
        anthropic({ apiKey: 'key', baseUrl: sim.baseUrl('anthropic') }),
      ],
      aliases: { best: ['openai/gpt-6-luna', `anthropic/${model}`] },
      model: 'best',
      onBreak: 'continue',
    })
  const ask = { messages: [{ role: 'user' as const, content: 'count to 40' }] }
  const read = (model: string, more: object = {}): Promise<string> =>
    Array.fromAsync(river(model).text({ ...ask, ...more })).then((pieces) => pieces.join(''))

  test('a Claude before 4.6 gives the rest of an answer that broke', async () => {
    expect(await read('claude-haiku-4-5')).toMatch(/1.*20.*40/s)
    const [, second] = sim.requests
    expect(JSON.parse(second?.bodyText ?? '')).toMatchObject({ messages: [{ role: 'user' }, { role: 'assistant' }] })
  })

  test.each([
    ['a later one', 'claude-opus-4-6', {}, 'no other member continues a turn of this model (info.prefill)'],
    ['one that thinks', 'claude-haiku-4-5', { reasoning: 'high' }, 'the answer is more than text'],
    ['one that formats', 'claude-haiku-4-5', { responseFormat: 'json' }, 'the request has a response format'],
  ])('%s does not, and the error says so', async (_who, model, more, why) => {
    await expect(read(model, more)).rejects.toThrow(`Not continued: ${why}.`)
    expect(sim.requests).toHaveLength(1)
  })
})
