import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { collect } from '@rivulet/core'
import { type DialectId, isDialectId, simulator, type Simulator } from '@rivulet/simulator'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { KNOWN_PROVIDERS } from '../src/index.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())
afterEach(() => {
  vi.unstubAllEnvs()
})

/** Which dialect plays a vendor that has none of its own in the simulator. */
const PLAYED_BY: Readonly<Record<string, DialectId>> = {
  mistral: 'openai',
  xai: 'openai',
  deepseek: 'openai',
  groq: 'openai',
  openrouter: 'openai',
}
const dialectOf = (id: string): DialectId | undefined => (isDialectId(id) ? id : PLAYED_BY[id])
const played = KNOWN_PROVIDERS.flatMap((known) => {
  const dialect = dialectOf(known.id)
  return dialect === undefined ? [] : [{ ...known, dialect }]
})

function simulated({ credentials, create, dialect }: (typeof played)[number]) {
  for (const name of credentials) vi.stubEnv(name, 'a-key')
  return create({ baseUrl: sim.baseUrl(dialect) })
}
const asking = (model: string) => ({ model, messages: [{ role: 'user' as const, content: 'count to 3' }] })

describe.each(played)('the simulator, in place of $id', (known) => {
  test('answers for every model of its catalog', async () => {
    const provider = simulated(known)
    expect(provider.info.models).not.toEqual([])
    for (const { id } of provider.info.models) {
      expect(await collect(provider.stream(asking(id))), id).toMatchObject({ text: '1, 2, 3.' })
    }
  })

  test('refuses the key when it is asked to, as its dialect does', async () => {
    sim.fault(known.dialect, { kind: 'wrong-key', times: 1 })
    const [model] = simulated(known).info.models
    const refused = collect(simulated(known).stream(asking(model?.id ?? '')))
    await expect(refused).rejects.toMatchObject({ code: 'auth', retryable: false })
  })

  test('does not find another model', async () => {
    await expect(collect(simulated(known).stream(asking('no-such-model')))).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

/** Names that samples make up: an alias, the models of endpoints that do not exist. */
const MADE_UP = new Set(['best', 'any', 'grey', 'acme-1', 'm', 'cheap'])

test('the models that samples ask are known to it', () => {
  const root = join(import.meta.dirname, '../../..')
  const pages = [
    'README.md',
    'docs/**/*.md',
    '{packages,apps,checks}/*/README.md',
    'examples/*.ts',
    'packages/*/src/**/*.ts',
  ]
  const asked = globSync(pages, { cwd: root })
    .filter((file) => dialectOf(/provider-([^/]+)/.exec(file)?.[1] ?? 'openai') !== undefined)
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\bmodel: '([^']+)',\s+messages\b/g)])
    .map(([, id = '']) => id)
  const known = new Set([...sim.dialects.flatMap(({ models }) => models), ...MADE_UP])
  expect(asked).toContain('gpt-4')
  expect(asked.filter((id) => !known.has(id))).toEqual([])
})
