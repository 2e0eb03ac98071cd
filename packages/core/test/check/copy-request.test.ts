import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { ChatRequest, Message } from '../../src/chat.ts'
import { copyRequest } from '../../src/check/copy-request.ts'
import { ChatError } from '../../src/errors.ts'
import { retry } from '../../src/layers/retry.ts'
import { pipe } from '../../src/provider.ts'
import { runTools } from '../../src/tools/run-tools.ts'
import { eventsOf, finish, hello, local, start, textEvent } from '../support/providers.ts'

test('a copy equals its request and shares nothing that can change', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 4 }), (request) => {
      const copy = copyRequest(request)
      expect(copy).toEqual(request)
      expect(sharedWith(request, copy)).toEqual([])
    }),
  )
})

/** The objects and arrays that are part of both. */
function sharedWith(one: unknown, other: unknown): unknown[] {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return []
  if (one === other) return [one]
  return Object.keys(one).flatMap((key) => sharedWith(Reflect.get(one, key), Reflect.get(other, key)))
}

test('a value that is no plain data is left for the provider to refuse', () => {
  const url = new URL('http://acme.example')
  expect(copyRequest({ url }).url).toBe(url)
})

test.each([
  [
    'nested too deep',
    () => {
      let deep: unknown = 1
      for (let level = 0; level < 20_000; level++) deep = [deep]
      return deep
    },
  ],
  [
    'circular',
    () => {
      const circle: Record<string, unknown> = {}
      circle.itself = circle
      return circle
    },
  ],
])('a request that is %s is the caller’s mistake, and never an overflow of the stack', (_what, make) => {
  expect(() => copyRequest({ ...hello, extra: { deep: make() } })).toThrow(TypeError)
})

describe('what the caller changes after the call is not read', () => {
  test('by a retry', async () => {
    const asked: (readonly Message[])[] = []
    const provider = local(async function* (_call, request) {
      asked.push(structuredClone(request.messages))
      if (asked.length === 1) throw new ChatError('overloaded', 'busy')
      yield start
      yield finish
    })
    const messages: Message[] = [{ role: 'user', content: 'Hello' }]
    const request: ChatRequest = { ...hello, messages }
    const stream = pipe(provider, retry({ backoffMs: 0 })).stream(request)
    messages.push({ role: 'assistant', content: '' })
    await eventsOf(stream)
    expect(asked).toEqual([hello.messages, hello.messages])
  })

  test('by a tool run', async () => {
    const asked: (readonly Message[])[] = []
    const provider = local(async function* (_call, request) {
      asked.push(structuredClone(request.messages))
      yield start
      if (asked.length === 1) yield { type: 'tool-call', id: 'c1', name: 'f' }
      else yield textEvent('done')
      yield finish
    })
    const messages: Message[] = [{ role: 'user', content: 'Hello' }]
    const run = runTools(provider, {
      request: { ...hello, messages },
      tools: [{ name: 'f', parameters: { type: 'object' }, run: () => 'ok' }],
    })
    messages.push({ role: 'assistant', content: '' })
    await Array.fromAsync(run)
    expect(asked[1]?.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
  })
})
