import { answered } from '@rivulet/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { ollama } from '../src/index.ts'
import { baseUrlOf } from '../src/host.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test.each([
  ['', 'http://127.0.0.1:11434'],
  ['192.168.1.5', 'http://192.168.1.5:11434'],
  ['ollama', 'http://ollama:11434'],
  ['ollama:8080', 'http://ollama:8080'],
  ['ollama:80', 'http://ollama:80'],
  [':8080', 'http://127.0.0.1:8080'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['http://0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['[::]:8080', 'http://[::1]:8080'],
  ['::1', 'http://[::1]:11434'],
  ['[::1]', 'http://[::1]:11434'],
  ['http://ollama.example', 'http://ollama.example'],
  ['https://ollama.example', 'https://ollama.example'],
  ['https://ollama.example/path', 'https://ollama.example/path'],
  ['ollama.example/path', 'http://ollama.example:11434/path'],
  ['"ollama:8080"', 'http://ollama:8080'],
  [' ollama ', 'http://ollama:11434'],
])('OLLAMA_HOST=%s is %s', (host, url) => {
  expect(baseUrlOf(host)).toBe(url)
})

test.each(['ollama:secret', 'me:secret@ollama', 'ftp://secret', 'a:1:secret', 'a b', '[secret'])(
  'OLLAMA_HOST=%s is no host, and its value is not shown',
  (host) => {
    expect(() => baseUrlOf(host)).toThrow(
      new TypeError('ollama: OLLAMA_HOST is not a host: write it as in "192.168.1.5:11434".'),
    )
  },
)

test('it is asked where OLLAMA_HOST says, unless a base URL is given', async () => {
  vi.stubEnv('OLLAMA_HOST', '0.0.0.0:8080')
  const { provider, sent } = answered({ body: '{"models":[]}' }, (common) => ollama(common))
  await provider.models?.()
  vi.stubEnv('OLLAMA_HOST', 'no host at all')
  const given = answered({ body: '{"models":[]}' }, (common) => ollama({ ...common, baseUrl: 'http://ollama:1' }))
  await given.provider.models?.()
  expect([...sent, ...given.sent].map(({ url }) => url)).toEqual([
    'http://127.0.0.1:8080/api/tags',
    'http://ollama:1/api/tags',
  ])
  expect(() => ollama()).toThrow(/^ollama: OLLAMA_HOST is not a host/)
})
