import type { ChatEvent, ChatRequest } from '@rivulet/core'
import type { Protocol } from '@rivulet/core/provider'
import { describe, expect, it, test } from 'vitest'
import { type TestBothWaysOptions, testBothWays } from '../src/index.ts'
import { bothHalves, type DialectMistake } from './support/both-halves.ts'
import { failuresOf, memoryRunner } from './support/memory-runner.ts'

const request: ChatRequest = { model: 'acme-1', messages: [{ role: 'user', content: 'Hello' }] }
const start: ChatEvent = { type: 'start', provider: 'acme', model: 'acme-1' }
const rare: ChatEvent[] = [start, { type: 'text', text: 'a rare word' }, { type: 'finish', reason: 'stop' }]
const interleaved: ChatEvent[] = [
  start,
  { type: 'tool-call', id: '1', name: 'f' },
  { type: 'tool-call', id: '2', name: 'g' },
  { type: 'tool-input', id: '2', text: '{}' },
  { type: 'tool-input', id: '1', text: '{}' },
  { type: 'finish', reason: 'tool-calls' },
]
const common: Omit<TestBothWaysOptions, 'runner' | 'client' | 'server'> = {
  name: 'Lines',
  requests: { 'a question': { request }, 'a seed': { request: { ...request, seed: 7 } } },
  answers: { 'interleaved calls': interleaved },
  draw: (holds) => {
    holds(rare)
  },
}

const described = (mistake?: DialectMistake, more: Partial<TestBothWaysOptions> = {}) => {
  const { runner, suites, tests } = memoryRunner()
  testBothWays({ runner, ...common, ...bothHalves(mistake), ...more })
  return { suites, tests }
}
/** The kinds of tests that fail, each up to its colon. */
const failedKinds = async (...given: Parameters<typeof described>): Promise<string[]> => {
  const failed = await failuresOf(described(...given).tests)
  return [...new Set(failed.map((name) => name.replace(/:.*/s, '')))]
}

testBothWays({ runner: { describe, it }, ...common, ...bothHalves() })

test('requests, answers, events of a group and errors are suites, and each entry is a test', () => {
  const { suites, tests } = described()
  expect(suites).toEqual([
    'Lines: a request is read as it was sent',
    'Lines: an answer is read as it was written',
    'Lines: events of a group',
    'Lines: frames of the same dialect are passed on',
    'Lines: an error is read as it was written',
  ])
  expect([...tests.keys()]).toEqual(
    expect.arrayContaining([
      'request: a seed',
      'stream: interleaved calls',
      'stream, cut anywhere: text',
      'document: no usage',
      'document, cut anywhere: interleaved calls',
      'drawn answers keep their meaning',
      'finish reason: length',
      'error before an answer: quota',
      'error in a stream: exhausted',
    ]),
  )
})

const DRAWN = 'drawn answers keep their meaning'
const STREAM = ['stream', 'stream, cut anywhere']
const GROUP = ['resume', 'restart before content', 'restart in one piece', 'no start']

test.each<[DialectMistake, string[]]>([
  ['forgets the seed', ['request']],
  ['forgets what has no name', ['request, again to the same dialect']],
  ['writes frames again', ['frames']],
  ['passes the end mark at once', ['frames']],
  ['loses usage', [...STREAM, 'document', ...GROUP]],
  ['cuts characters', ['stream, cut anywhere', 'document, cut anywhere']],
  ['drops calls of a document', ['document']],
  ['drops the word "rare"', [DRAWN]],
  ['always stops', [...STREAM, 'document', 'finish reason']],
  ['writes raw events', ['raw', 'frames']],
  ['starts again after a resume', ['resume']],
  ['restarts silently', ['restart after content']],
  ['keeps both answers of a document', ['restart in one piece']],
  ['writes no start of its own', ['no start']],
  ['writes every error as overloaded', ['error before an answer', 'error in a stream']],
  ['loses the words of an error', ['error before an answer', 'error in a stream']],
  ['answers errors with 200', ['error before an answer']],
  ['ends a failed stream as if all were well', ['error in a stream']],
])('a dialect that %s fails', async (mistake, kinds) => {
  expect((await failedKinds(mistake)).toSorted()).toEqual(kinds.toSorted())
})

test('a code that a client reads as another must be retried alike', async () => {
  const errors = { network: 'bad-request' } as const
  expect(await failedKinds('writes network errors as bad requests', { errors })).toEqual([
    'error that a client retries or not',
  ])
})

test('a draw without answers fails: it would prove nothing', async () => {
  expect(await failedKinds(undefined, { draw: () => undefined })).toEqual([DRAWN])
})

test('without a draw there is no test of drawn answers', () => {
  expect([...described(undefined, { draw: undefined }).tests.keys()]).not.toContain(DRAWN)
})

test('a request may have its own client half', async () => {
  const { client } = bothHalves()
  const silent: Protocol = { ...client, open: (given) => ({ ...client.open(given), http: { path: '/ask', body: {} } }) }
  expect(await failedKinds(undefined, { requests: { silent: { request, client: silent } } })).toEqual(['request'])
})
