import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DialectId, simulator, type Simulator } from '../src/index.ts'
import { ask, contentOf, dataOf, events, parse, send, valid } from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.variant('gravityengine', undefined)
  sim.clear()
})
afterAll(() => sim.close())

describe('Lockchat', () => {
  test('streams chunks: the role, the content, the finish reason, the end mark', async () => {
    const seen = await ask(sim, 'lockchat', 'count to 5')
    expect(seen.status).toBe(200)
    expect(seen.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    const chunks = events(seen.text)
    expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', choices: [{ delta: { role: 'assistant' } }] })
    expect(contentOf(chunks)).toBe('1, 2, 3, 4, 5.')
    expect(chunks.at(-1)?.choices).toEqual([{ index: 0, delta: {}, finish_reason: 'stop' }])
    expect(dataOf(seen.text).at(-1)).toBe('[DONE]')
    expect(seen.chunks.length).toBeGreaterThan(5)
  })

  test('takes a credential in the query, percent-encoded', async () => {
    const request = valid(sim, 'lockchat')
    expect(await send(sim, { ...request, path: `${request.path}?auth=a%20%26b` })).toMatchObject({ status: 200 })
    expect(sim.requests[0]?.query).toEqual({ auth: 'a &b' })
  })

  test('calls a tool when it is asked to', async () => {
    const seen = await ask(sim, 'lockchat', 'call the weather tool for Oslo')
    const calls = events(seen.text).flatMap(({ choices: [choice] }) => choice?.delta?.tool_calls ?? [])
    expect(calls[0]?.function.name).toBe('get_weather')
    expect(JSON.parse(calls.map((call) => call.function.arguments).join(''))).toEqual({
      location: 'Oslo',
      unit: 'celsius',
    })
    expect(events(seen.text).at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
  })
})

describe('Gravityengine', () => {
  test('streams when the request says stream: true', async () => {
    const seen = await ask(sim, 'gravityengine', 'say one two three')
    expect(seen.headers['content-type']).toContain('text/event-stream')
    expect(contentOf(events(seen.text))).toBe('one two three')
    expect(seen.text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('answers in one document when the request does not stream', async () => {
    const request = valid(sim, 'gravityengine', 'say "quoted" \\ and\nlines')
    delete request.body.stream
    const seen = await send(sim, request)
    expect(seen.headers['content-type']).toBe('application/json')
    expect(seen.headers['content-length']).toBe(String(Buffer.byteLength(seen.text)))
    const document = parse(seen.text)
    expect(document.object).toBe('chat.completion')
    expect(document.choices[0]?.message?.content).toBe('"quoted" \\ and\nlines')
    expect(document.choices[0]?.finish_reason).toBe('stop')
  })

  test('answers in one document a line when the variant says so', async () => {
    sim.variant('gravityengine', 'lines')
    const seen = await ask(sim, 'gravityengine', 'count to 3')
    expect(seen.headers['content-type']).toBe('application/x-ndjson')
    const documents = seen.text.trimEnd().split('\n').map(parse)
    expect(documents.length).toBeGreaterThan(3)
    expect(contentOf(documents)).toBe('1, 2, 3.')
  })

  test('puts a tool call into the document', async () => {
    sim.variant('gravityengine', 'json')
    const seen = await ask(sim, 'gravityengine', 'call the weather tool')
    expect(seen.text).toContain('"tool_calls":[{"id":"call_')
    expect(parse(seen.text).choices[0]).toMatchObject({ message: { content: null }, finish_reason: 'tool_calls' })
  })

  test('refuses a variant that it does not have', () => {
    const force = (dialect: DialectId, variant: string) => {
      // Callers without types exist.
      sim.variant(dialect, variant as 'lines')
    }
    expect(() => {
      force('gravityengine', 'line')
    }).toThrow('did you mean "lines"?')
    expect(() => {
      force('lockchat', 'json')
    }).toThrow('Lockchat has one form of answer only')
  })
})

describe('Liaobots', () => {
  test('streams bare text', async () => {
    const seen = await ask(sim, 'liaobots', 'count to 5')
    expect(seen).toMatchObject({ status: 200, text: '1, 2, 3, 4, 5.', error: undefined })
    expect(seen.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(seen.chunks.length).toBeGreaterThan(5)
  })

  test.each(['in Russian', 'in Chinese', 'in Japanese', 'use emoji', 'say é'])(
    'cuts inside characters: %s',
    async (prompt) => {
      const seen = await ask(sim, 'liaobots', prompt)
      const torn = seen.chunks.filter((chunk) => chunk.toString().includes('\uFFFD'))
      expect(torn.length).toBeGreaterThan(0)
      expect(seen.text).toBe(sim.requests[0]?.answer)
      expect(seen.text).not.toContain('\uFFFD')
    },
  )

  test('says that it cannot carry a tool call', async () => {
    const seen = await ask(sim, 'liaobots', 'call the weather tool')
    expect(seen.text).toContain('cannot carry a tool call')
  })
})

test.each(['gravityengine', 'liaobots', 'lockchat'] as const)(
  '%s goes on from what the assistant has begun, and from nothing else',
  async (dialect) => {
    const from = async (begun: string): Promise<string> => {
      const request = valid(sim, dialect)
      const messages = [
        { role: 'user', content: 'count to 5' },
        { role: 'assistant', content: begun },
      ]
      await send(sim, { ...request, body: { ...request.body, messages } })
      return sim.requests.at(-1)?.answer ?? ''
    }
    expect(await from('1, 2, ')).toBe('3, 4, 5.')
    expect(await from('1, 2, 3, 4, 5.')).toBe('')
    expect(await from('one')).toBe('1, 2, 3, 4, 5.')
  },
)

test('usage comes in a last chunk with empty choices when it is switched on', async () => {
  await using counting = await simulator({ usage: true })
  const last = events((await ask(counting, 'lockchat', 'count to 3')).text).at(-1)
  expect(last?.choices).toEqual([])
  expect(last?.usage?.total_tokens).toBe((last?.usage?.prompt_tokens ?? 0) + (last?.usage?.completion_tokens ?? 0))
  expect(events((await ask(sim, 'lockchat')).text).some(({ usage }) => usage !== undefined)).toBe(false)
})
