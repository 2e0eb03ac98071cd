import { setImmediate } from 'node:timers/promises'
import { collect } from '@rivulet/core'
import { httpProvider, ManualClock } from '@rivulet/core/provider'
import { describe, expect, test, vi } from 'vitest'
import { decode } from '../../src/client/decode-answer.ts'
import { chatCompletions, chatSettings } from '../../src/index.ts'
import { calling } from '../support/calls.ts'
import { chunk, contentOf, cutOff, done, finish, read, say, stream, text } from '../support/decoding.ts'

const usage = { prompt_tokens: 3, completion_tokens: 4 }
const reported = { inputTokens: 3, outputTokens: 4, source: 'reported' }

describe('a finish reason', () => {
  test.each(['', ' ', 'null', 'None', 'undefined'])(
    'that is %j in every chunk is none: a cut answer is truncated',
    (word) => {
      const chunks = ['one', 'two', 'three', 'four'].map((content) => chunk({ content }, { finish_reason: word }))
      const { events, failure } = read(cutOff(...chunks))
      expect(contentOf({ events })).toEqual(['one', 'two', 'three', 'four'].map(text))
      expect(failure).toMatchObject({ code: 'truncated' })
      expect(read(stream(...chunks)).events.at(-1)).toEqual(finish('stop'))
      expect(read(cutOff(...chunks, done('length'))).events.at(-1)).toEqual(finish('length'))
    },
  )

  test('in every chunk does not end the answer before its end', () => {
    const chunks = ['one', 'two'].map((content) => chunk({ content }, { finish_reason: 'stop' }))
    expect(contentOf(read(stream(...chunks)))).toEqual([text('one'), text('two')])
  })

  test('after which a frame is cut is not the end', () => {
    const whole = cutOff(say('a'), chunk({ content: 'b' }, { finish_reason: 'stop' }), say('c'))
    const from = whole.lastIndexOf('data: ') + 'data: '.length
    for (let length = from + 1; length < whole.length - '}\n\n'.length; length++) {
      expect(read(whole.slice(0, length)).failure).toMatchObject({ code: 'truncated' })
    }
    expect(read(whole.slice(0, from)).failure).toBeUndefined()
    expect(read(whole).failure).toBeUndefined()
  })

  test('after which a line is not JSON is the end all the same, if the end mark or another chunk follows', () => {
    expect(read(stream(say('a'), done(), 'bye')).events.at(-1)).toEqual({ ...finish(), skipped: 1 })
    expect(read(cutOff(say('a'), done(), 'bye', { usage })).events.at(-1)).toMatchObject({ ...finish(), skipped: 1 })
  })

  test.each([
    ['network_error', 'overloaded'],
    ['ABORT', 'overloaded'],
    ['function_call_filter: MALFORMED_FUNCTION_CALL', 'malformed'],
  ])('%s is a failure, after the content', (word, code) => {
    const { events, failure } = read(stream(say('a'), chunk({ content: 'b' }, { finish_reason: word })))
    expect(contentOf({ events })).toEqual([text('a'), text('b')])
    expect(failure).toEqual({ code, message: `the endpoint ended the answer with "${word}"` })
  })
})

describe('after a finish reason', () => {
  test('text, calls and usage still arrive', () => {
    const body = stream(
      say('a'),
      done(),
      say('b'),
      calling({ index: 0, id: '1', function: { name: 'f', arguments: '{}' } }),
      { choices: [], usage },
    )
    expect(contentOf(read(body)).slice(0, 3)).toEqual([text('a'), text('b'), { type: 'tool-call', id: '1', name: 'f' }])
    expect(read(body).events.at(-1)).toEqual({ ...finish('tool-calls'), usage: reported })
  })

  /** Whether the answer may end, after each chunk. */
  const mayEnd = (...chunks: object[]): boolean[] => {
    const decoder = decode(() => undefined)
    return chunks.map((one) => {
      const buffer = Buffer.from(JSON.stringify(one))
      decoder.push({ event: undefined, buffer, start: 0, end: buffer.length, text: () => buffer.toString() })
      return decoder.mayEnd === true
    })
  }

  test('the answer may end, unless more content shows that it does not', () => {
    expect(mayEnd(say('a'), done(), { usage }, { ping: 1 })).toEqual([false, true, true, true])
    expect(mayEnd(say('a'), say('b'), done(), say('c'), done())).toEqual([false, false, true, false, true])
    expect(mayEnd(say('a'), done(''))).toEqual([false, false])
  })

  test('the answer may not end where every chunk has one, however long its pauses are', () => {
    const each = (content: string): object => chunk({ content }, { finish_reason: 'stop' })
    expect(mayEnd(each(''), each('a'), each('b'))).toEqual([false, false, false])
    expect(mayEnd(chunk({ role: 'assistant', content: '' }), each('a'), each('b'))).toEqual([false, false, false])
    expect(mayEnd(say('a'), each('b'))).toEqual([false, true])
  })

  /** An answer whose connection stays open, or breaks, after these chunks. */
  const asked = async (body: string, clock: ManualClock, breaks?: Error) => {
    const provider = httpProvider(
      {
        id: 'acme',
        baseUrl: 'http://acme.example',
        info: {
          name: 'Acme',
          url: 'http://acme.example',
          auth: 'none',
          streaming: true,
          models: [],
          settings: chatSettings(),
        },
        protocol: chatCompletions(),
      },
      {
        deadlines: { clock },
        transport: (_request, { signal }) => {
          async function* sent(): AsyncGenerator<Uint8Array> {
            yield Buffer.from(body)
            if (breaks !== undefined) throw breaks
            await new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => {
                reject(new Error('closed'))
              })
            })
          }
          return Promise.resolve({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: sent() })
        },
      },
    )
    return collect(provider.stream({ model: 'm', messages: [{ role: 'user', content: 'a' }] }))
  }

  test('a silence of a second ends the answer where the connection stays open', async () => {
    const clock = new ManualClock()
    const answer = asked(cutOff(say('a'), done(), { choices: [], usage }), clock)
    const ended = vi.fn()
    void answer.then(ended)
    await setImmediate()
    await clock.advance(999)
    await setImmediate()
    expect(ended).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(await answer).toMatchObject({ text: 'a', reason: 'stop', usage: reported })
  })

  test('a connection that is reset is truncated', async () => {
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    const failure: unknown = await asked(cutOff(say('a'), done()), new ManualClock(), reset).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'truncated', partial: { text: 'a' } })
  })
})
