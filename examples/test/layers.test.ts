import { collect, pipe, type ChatEvent, type Provider } from '@rivulet/core'
import { lockchat } from '@rivulet/provider-lockchat'
import { simulator } from '@rivulet/simulator'
import { expect, test } from 'vitest'
import { instructed, signed } from '../layers.ts'
import { afterword, deaf, hoarding, quiet, spread } from '../wrong/layers.ts'
import { TextEndpoint } from '../class-provider.ts'

const request = { model: 'gpt-4', messages: [{ role: 'user', content: 'count to 3' }] } as const

/** A provider in this process that logs what happens, and hands out what it is given. */
function local(log: string[], events: readonly ChatEvent[]): Provider {
  return {
    id: 'local',
    info: { name: 'Local', url: '', auth: 'none', streaming: true, models: [], settings: [] },
    async *stream(_, options) {
      for (const event of events) {
        options?.signal?.throwIfAborted()
        log.push(`gives ${event.type}`)
        yield event
      }
    },
  }
}
const hello: readonly ChatEvent[] = [
  { type: 'start', provider: 'local', model: 'gpt-4' },
  { type: 'text', text: 'Hello' },
  { type: 'finish', reason: 'stop' },
]
/** Reads to the end, and logs what comes; aborts at the text if it is to. */
async function read(log: string[], provider: Provider, abort?: AbortController): Promise<void> {
  for await (const { type } of provider.stream(request, { signal: abort?.signal })) {
    log.push(`has ${type}`)
    if (type === 'text') abort?.abort('the reader left')
  }
}

test('instructed() is the first message of every request', async () => {
  await using sim = await simulator({ pace: 'instant' })
  const provider = pipe(lockchat({ baseUrl: sim.baseUrl('lockchat') }), instructed('Be brief.'))
  await collect(provider.stream(request))
  expect(sim.requests[0]?.body).toMatchObject({
    messages: [{ role: 'system', content: 'Be brief.' }, request.messages[0]],
  })
  expect(request.messages).toHaveLength(1)
})

test('signed() adds a line to a whole answer, before its end; to none that broke off', async () => {
  await using sim = await simulator({ pace: 'instant' })
  const provider = pipe(lockchat({ baseUrl: sim.baseUrl('lockchat') }), signed(' Goodbye.'))
  const types = (await Array.fromAsync(provider.stream(request))).map(({ type }) => type)
  expect(types.slice(-2)).toEqual(['text', 'finish'])
  expect((await collect(provider.stream(request))).text).toMatch(/3.* Goodbye\.$/)
  sim.fault('lockchat', 'truncate')
  const error: unknown = await collect(provider.stream(request)).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'truncated' })
  expect(JSON.stringify(error)).not.toContain('Goodbye')
})

test('signed() hands on each event as it comes, and an abort', async () => {
  const log: string[] = []
  const abort = new AbortController()
  await expect(read(log, pipe(local(log, hello), signed('!')), abort)).rejects.toBe('the reader left')
  expect(log).toEqual(['gives start', 'has start', 'gives text', 'has text'])
})

test('signed() calls the provider at the call, where a mistake is thrown', () => {
  const provider = pipe(lockchat(), signed('!'))
  expect(() => provider.stream({ model: 'gpt-4', messages: [] })).toThrow(TypeError)
})

test('a class keeps its members in signed(); the wrong spread() drops them', () => {
  const provider = new TextEndpoint('http://127.0.0.1:1')
  expect(pipe(provider, signed('!')).info).toEqual(provider.info)
  expect(pipe(provider, spread).info).toBeUndefined()
})

test('the wrong deaf(): an abort never reaches the provider', async () => {
  const log: string[] = []
  await read(log, pipe(local(log, hello), deaf), new AbortController())
  expect(log.at(-1)).toBe('has finish')
})

test('the wrong quiet(): an abort looks like an answer', async () => {
  const log: string[] = []
  await read(log, pipe(local(log, hello), quiet), new AbortController())
  expect(log).toEqual(['gives start', 'has start', 'gives text', 'has text', 'has finish'])
})

test('the wrong afterword(): an event comes after the end', async () => {
  const log: string[] = []
  await read(log, pipe(local(log, hello), afterword))
  expect(log.slice(-2)).toEqual(['has finish', 'has text'])
})

test('the wrong hoarding(): nothing comes before all has come, and a mistake is thrown late', async () => {
  const log: string[] = []
  await read(log, pipe(local(log, hello), hoarding))
  expect(log).toEqual(['gives start', 'gives text', 'gives finish', 'has start', 'has text', 'has finish'])
  expect(() => pipe(lockchat(), hoarding).stream({ model: 'gpt-4', messages: [] })).not.toThrow()
})
