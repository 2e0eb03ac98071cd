import { readFileSync } from 'node:fs'
import { gateway } from '@rivulet/gateway'
import { KNOWN_PROVIDERS } from 'rivulet'
import { describe, expect, test } from 'vitest'
import { configuredRiver } from '../src/config/configured-river.ts'
import { readConfig } from '../src/config/read-config.ts'
import { configSchema } from '../src/config/schema.ts'
import { UsageError } from '../src/usage-error.ts'

const ENVIRONMENT: Readonly<Record<string, string>> = { A_KEY: 'sk-secret', DIGITS: '8443' }
const read = (text: string) => readConfig(text, 'rivulet.yaml', (name) => ENVIRONMENT[name])

/** The lines that say what is wrong. */
function problemsOf(text: string): string[] {
  try {
    configuredRiver(read(text))
  } catch (error) {
    if (error instanceof UsageError) return error.message.split('\n')
    throw error
  }
  return []
}

const WHOLE = `
providers:
  openai:
  work: { type: openai, apiKey: "\${A_KEY}", api: responses, headers: { x-team: tools } }
  local:
    type: openai-compatible
    baseUrl: http://127.0.0.1:\${DIGITS}/v1
    models: [qwen3-coder]
models:
  coder:
    members: [work/gpt-6-sol, openai/gpt-6-sol]
    policy: hedge
    afterMs: 800
keys:
  - id: build
    hash: ${'0a'.repeat(32)}
    models: [coder]
    expires: 1900000000
    requests: { limit: 10, perMs: 60000 }
    concurrent: 2
    hold: answer
listen: { host: 127.0.0.1, port: "\${DIGITS}", hosts: [gateway.local] }
hold: calls
`

test('a configuration is read whole, with the values of the environment', () => {
  const { config } = read(WHOLE)
  expect(config).toEqual({
    providers: {
      openai: {},
      work: { type: 'openai', apiKey: 'sk-secret', api: 'responses', headers: { 'x-team': 'tools' } },
      local: { type: 'openai-compatible', baseUrl: 'http://127.0.0.1:8443/v1', models: ['qwen3-coder'] },
    },
    models: { coder: { members: ['work/gpt-6-sol', 'openai/gpt-6-sol'], policy: 'hedge', afterMs: 800 } },
    keys: [
      {
        id: 'build',
        hash: '0a'.repeat(32),
        models: ['coder'],
        expires: 1_900_000_000,
        requests: { limit: 10, perMs: 60_000 },
        concurrent: 2,
        hold: 'answer',
      },
    ],
    listen: { host: '127.0.0.1', port: 8443, hosts: ['gateway.local'] },
    hold: 'calls',
  })
  // What it says, the gateway takes.
  const { keys = [], hold } = config
  expect(() => gateway(configuredRiver(read(WHOLE)), { keys, hold })).not.toThrow()
})

test('JSON is read alike', () => {
  const json = JSON.stringify(
    { providers: { work: { type: 'openai', apiKey: '${A_KEY}' } }, hold: 'none' },
    undefined,
    '\t',
  )
  expect(read(json).config).toEqual({ providers: { work: { type: 'openai', apiKey: 'sk-secret' } }, hold: 'none' })
})

test('an anchor stands for what it names', () => {
  const { config } = read('providers:\n  one: &same { type: openai }\n  two: *same\n')
  expect(config.providers).toEqual({ one: { type: 'openai' }, two: { type: 'openai' } })
})

describe('a mistake is said with its line, its column, and what was expected', () => {
  test.each<[string, string, string[]]>([
    ['an empty file', '', ['1:1: the configuration: expected a mapping']],
    ['no providers', 'hold: none\n', ['1:1: providers is missing']],
    ['an empty mapping', 'providers: {}\n', ['1:12: providers: expected at least 1 entry']],
    [
      'an unknown name',
      'providers:\n  openai:\n    apikey: x\n',
      [
        '3:5: providers.openai.apikey is unknown: expected one of type, apiKey, auth, baseUrl, api, headers, models. Did you mean "apiKey"?',
      ],
    ],
    [
      'a wrong word',
      'providers: { openai: }\nhold: call\n',
      ['2:7: hold: expected one of none, calls, answer. Did you mean "calls"?'],
    ],
    ['another type', 'providers:\n  openai: [x]\n', ['2:11: providers.openai: expected a mapping']],
    ['a text for a list', 'providers:\n  openai:\n    models: x\n', ['3:13: providers.openai.models: expected a list']],
    [
      'a number for a text',
      'providers:\n  openai: { apiKey: 1 }\n',
      ['2:21: providers.openai.apiKey: expected a text in quotes'],
    ],
    [
      'a number out of range',
      'providers: { openai: }\nlisten: { port: 70000 }\n',
      ['2:17: listen.port: expected a whole number, 0 to 65535'],
    ],
    [
      'a hash that is none',
      'providers: { openai: }\nkeys: [{ id: a, hash: b }]\n',
      ['2:23: keys[0].hash: expected a text like ^[0-9a-fA-F]{64}$'],
    ],
    [
      'two mistakes',
      'providers: { openai: }\nmodels:\n  coder: { members: [] }\n  other: {}\n',
      ['3:21: models.coder.members: expected at least 1 entry', '4:10: models.other.members is missing'],
    ],
    [
      'a variable that is not set',
      'providers:\n  openai:\n    apiKey: ${NO_KEY}\n',
      ['3:13: providers.openai.apiKey: the environment has no NO_KEY'],
    ],
    [
      'a provider without a type',
      'providers:\n  work: { apiKey: "${A_KEY}" }\n',
      ['2:9: providers.work is wrong: "work" is not a type of provider: add a type, such as openai-compatible.'],
    ],
    [
      'what its type does not take',
      'providers:\n  ollama:\n    api: chat\n',
      [expect.stringMatching(/^3:5: providers\.ollama is wrong: ollama.*api/) as string],
    ],
    [
      'a member of no provider',
      'providers: { openai: }\nmodels:\n  coder:\n    members: [opnai/gpt-6-sol, gpt-6-sol]\n',
      [
        '4:15: models.coder.members[0] names no provider and its model: expected one like openai/gpt-6-sol. Did you mean "openai"?',
        '4:32: models.coder.members[1] names no provider and its model: expected one like openai/gpt-6-sol.',
      ],
    ],
    [
      'a time that nothing waits for',
      'providers: { openai: }\nmodels:\n  coder: { members: [openai/gpt-6-sol], afterMs: 5 }\n',
      ['3:50: models.coder.afterMs needs the policy hedge'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(problemsOf(text).map((line) => line.replace(/^rivulet\.yaml:/, ''))).toEqual(expected)
  })

  test('what is not YAML', () => {
    expect(problemsOf('providers:\n  openai: {\n')).toEqual([
      expect.stringMatching(/^rivulet\.yaml:\d:\d+: \S/) as string,
    ])
  })
})

test('a name that is given twice, or that objects have anyway, does no harm', () => {
  expect(problemsOf('providers: { openai: }\nproviders: { openai: }\n')).toEqual([
    expect.stringMatching(/^rivulet\.yaml:2:1: .*unique/) as string,
  ])
  expect(problemsOf('providers: { openai: }\n__proto__: { hold: none }\n')).toEqual([
    expect.stringContaining('rivulet.yaml:2:1: __proto__ is unknown') as string,
  ])
  expect(Object.keys(read('providers: { __proto__: { type: openai } }\n').config.providers)).toEqual(['__proto__'])
})

test('a secret of the environment is in no message', () => {
  const wrong = problemsOf('providers:\n  openai: { api: "${A_KEY}", baseUrl: "${A_KEY}" }\nhold: ${A_KEY}\n')
  expect(wrong).toHaveLength(2)
  expect(wrong.join()).not.toContain('sk-secret')
})

test('the schema names every type of provider that there is', () => {
  const providers = configSchema().properties?.providers?.additionalProperties
  const types = providers === false ? undefined : providers?.properties?.type?.enum
  expect(types).toEqual([...KNOWN_PROVIDERS.map(({ id }) => id), 'openai-compatible'])
})

test('the configuration that the guide shows is one', () => {
  const guide = readFileSync(new URL('../../../docs/guides/gateway.md', import.meta.url), 'utf8')
  const [, text = ''] = /^```yaml\n([^]*?)^```$/m.exec(guide) ?? []
  const hash = '0a'.repeat(32)
  const { config } = readConfig(text, 'rivulet.yaml', (name) => (name === 'BUILD_KEY_HASH' ? hash : 'a-key'))
  expect(config.keys).toMatchObject([{ id: 'build-server', hash }])
  const provider = configuredRiver(readConfig(text, 'rivulet.yaml', () => hash))
  expect(provider.info.models.slice(0, 3).map(({ id }) => id)).toEqual(Object.keys(config.models ?? {}))
})
