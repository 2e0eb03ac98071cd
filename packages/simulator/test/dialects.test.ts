import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DialectId, simulator, type Simulator } from '../src/index.ts'
import { ask, contentOf, dataOf, events, parse, send, validRequest } from './client.ts'

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
    const response = await ask(sim, 'lockchat', 'count to 5')
    expect(response.status).toBe(200)
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    const chunks = events(response.text)
    expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', choices: [{ delta: { role: 'assistant' } }] })
    expect(contentOf(chunks)).toBe('1, 2, 3, 4, 5.')
    expect(chunks.at(-1)?.choices).toEqual([{ index: 0, delta: {}, finish_reason: 'stop' }])
    expect(dataOf(response.text).at(-1)).toBe('[DONE]')
    expect(response.chunks.length).toBeGreaterThan(5)
  })

  test('takes a credential in the query, percent-encoded', async () => {
    const request = validRequest(sim, 'lockchat')
    expect(await send(sim, { ...request, path: `${request.path}?auth=a%20%26b` })).toMatchObject({ status: 200 })
    expect(sim.requests[0]?.query).toEqual({ auth: 'a &b' })
  })

  test('calls a tool on request', async () => {
    const response = await ask(sim, 'lockchat', 'call the weather tool for Oslo')
    const calls = events(response.text).flatMap(({ choices: [choice] }) => choice?.delta?.tool_calls ?? [])
    expect(calls[0]?.function.name).toBe('get_weather')
    expect(JSON.parse(calls.map((call) => call.function.arguments).join(''))).toEqual({
      location: 'Oslo',
      unit: 'celsius',
    })
    expect(events(response.text).at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
  })
})

describe('Gravityengine', () => {
  test('streams when the request says stream: true', async () => {
    const response = await ask(sim, 'gravityengine', 'say one two three')
    expect(response.headers['content-type']).toContain('text/event-stream')
    expect(contentOf(events(response.text))).toBe('one two three')
    expect(response.text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('answers with one document when the request does not stream', async () => {
    const request = validRequest(sim, 'gravityengine', 'say "quoted" \\ and\nlines')
    delete request.body.stream
    const response = await send(sim, request)
    expect(response.headers['content-type']).toBe('application/json')
    expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.text)))
    const document = parse(response.text)
    expect(document.object).toBe('chat.completion')
    expect(document.choices[0]?.message?.content).toBe('"quoted" \\ and\nlines')
    expect(document.choices[0]?.finish_reason).toBe('stop')
  })

  test('answers with one document per line in the variant "lines"', async () => {
    sim.variant('gravityengine', 'lines')
    const response = await ask(sim, 'gravityengine', 'count to 3')
    expect(response.headers['content-type']).toBe('application/x-ndjson')
    const documents = response.text.trimEnd().split('\n').map(parse)
    expect(documents.length).toBeGreaterThan(3)
    expect(contentOf(documents)).toBe('1, 2, 3.')
  })

  test('puts a tool call into the document', async () => {
    sim.variant('gravityengine', 'json')
    const response = await ask(sim, 'gravityengine', 'call the weather tool')
    expect(response.text).toContain('"tool_calls":[{"id":"call_')
    expect(parse(response.text).choices[0]).toMatchObject({ message: { content: null }, finish_reason: 'tool_calls' })
  })

  test('rejects an unknown variant', () => {
    const force = (dialect: DialectId, variant: string) => {
      // Untyped callers can pass anything.
      sim.variant(dialect, variant as 'lines')
    }
    expect(() => {
      force('gravityengine', 'line')
    }).toThrow('did you mean "lines"?')
    expect(() => {
      force('lockchat', 'json')
    }).toThrow('Lockchat has only one answer format')
  })
})

describe('Liaobots', () => {
  test('streams plain text', async () => {
    const response = await ask(sim, 'liaobots', 'count to 5')
    expect(response).toMatchObject({ status: 200, text: '1, 2, 3, 4, 5.', error: undefined })
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(response.chunks.length).toBeGreaterThan(5)
  })

  test.each(['in Russian', 'in Chinese', 'in Japanese', 'use emoji', 'say é'])(
    'splits inside characters: %s',
    async (prompt) => {
      const response = await ask(sim, 'liaobots', prompt)
      const split = response.chunks.filter((chunk) => chunk.toString().includes('\uFFFD'))
      expect(split.length).toBeGreaterThan(0)
      expect(response.text).toBe(sim.requests[0]?.answer)
      expect(response.text).not.toContain('\uFFFD')
    },
  )

  test('says that it cannot carry a tool call', async () => {
    const response = await ask(sim, 'liaobots', 'call the weather tool')
    expect(response.text).toContain('cannot carry a tool call')
  })
})

test.each(['gravityengine', 'liaobots', 'lockchat'] as const)(
  '%s continues a matching assistant prefill and ignores any other',
  async (dialect) => {
    const continued = async (prefill: string): Promise<string> => {
      const request = validRequest(sim, dialect)
      const messages = [
        { role: 'user', content: 'count to 5' },
        { role: 'assistant', content: prefill },
      ]
      await send(sim, { ...request, body: { ...request.body, messages } })
      return sim.requests.at(-1)?.answer ?? ''
    }
    expect(await continued('1, 2, ')).toBe('3, 4, 5.')
    expect(await continued('1, 2, 3, 4, 5.')).toBe('')
    expect(await continued('one')).toBe('1, 2, 3, 4, 5.')
  },
)

test('with the option usage, counts come in a last chunk with empty choices', async () => {
  await using counting = await simulator({ usage: true })
  const last = events((await ask(counting, 'lockchat', 'count to 3')).text).at(-1)
  expect(last?.choices).toEqual([])
  expect(last?.usage?.total_tokens).toBe((last?.usage?.prompt_tokens ?? 0) + (last?.usage?.completion_tokens ?? 0))
  expect(events((await ask(sim, 'lockchat')).text).some(({ usage }) => usage !== undefined)).toBe(false)
})
