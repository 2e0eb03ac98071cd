import { ChatError, type ChatEvent, type ChatResult } from '@rivulet/core'
import { Collector, type DecodedEvent, type Frame, sseFraming } from '@rivulet/core/provider'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode } from '../../src/client/decode-answer.ts'
import { calling, named, piece } from '../support/calls.ts'
import { chunk, cutOff, done, message, read, say } from '../support/decoding.ts'
import { writerOf } from '../support/server.ts'

/** What servers of this dialect send, as OpenAI does and otherwise. */
const CHUNKS: readonly (object | string)[] = [
  chunk({ role: 'assistant', content: '' }),
  say('a'),
  say('b'),
  chunk({ content: [{ type: 'text', text: 'c' }] }),
  chunk({ reasoning_content: 'hm' }),
  chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's' }] }),
  chunk({ refusal: 'No.' }),
  chunk({ annotations: [{ type: 'url_citation' }] }),
  calling(named('f', '', { index: 0, id: 'a' })),
  calling(named('g', '{}', { index: 1, id: 'b' })),
  calling(named('g', '{}', { index: 0, id: 'b' })),
  calling(named('h', '{}')),
  calling(named('h', { x: 1 }, { index: 2, id: 'c' })),
  calling(piece('{"x":', { index: 0 })),
  calling(piece('1}', { index: 0 })),
  calling(piece('{}', { index: 0, id: 'other' })),
  calling(piece('null', { index: 0 })),
  calling(piece('"{}"', { index: 0 })),
  chunk({ function_call: { name: 'old', arguments: '{}' } }),
  chunk({ tool_calls: [{ index: 0, id: 'd', type: 'custom', custom: { name: 'patch', input: 'x"' } }] }),
  done(),
  done('length'),
  done('tool_calls'),
  done('eos'),
  chunk({ content: 'd' }, { finish_reason: 'stop' }),
  { id: 'c1', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
  chunk({}, { usage: { prompt_tokens: 3, completion_tokens: 4 } }),
  message({ content: 'a' }),
  'x',
  ': ping',
  '[DONE]',
]

interface Answered {
  events: ChatEvent[]
  failure: ChatError | undefined
}

/** The answer as a provider gives it to a server of the same dialect: each frame, then its events. */
function answerOf(body: string): Answered {
  const events: ChatEvent[] = []
  let hasFinished = false
  const decoder = decode((event: DecodedEvent) => {
    if (hasFinished) return
    hasFinished = event.type === 'finish'
    events.push(event.type === 'start' ? { ...event, provider: 'acme', model: event.model ?? '' } : event)
  })
  const sink = sseFraming()({
    push(frame: Frame) {
      if (hasFinished) return
      const before = events.length
      const couldEnd = decoder.mayEnd === true
      decoder.push(frame)
      const isEnd = events.some(({ type }) => type === 'finish') || (decoder.mayEnd === true && !couldEnd)
      const label = decoder.label ?? (isEnd ? 'end' : 'as-is')
      events.splice(before, 0, { type: 'raw', dialect: 'openai-chat', label, data: frame.text() })
    },
    end() {
      if (!hasFinished) decoder.end()
    },
  })
  try {
    sink.push(Buffer.from(body))
    sink.end()
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    return { events, failure: error }
  }
  return { events, failure: undefined }
}

/** What an answer says, however it is cut into events. */
function meaningOf(events: readonly (ChatEvent | DecodedEvent)[], hasUsage: boolean): Partial<ChatResult> {
  const collector = new Collector()
  for (const event of events) {
    if (event.type !== 'start') collector.add(event)
  }
  const { text, reasoning, toolCalls, content, reason, usage } = collector.result()
  return {
    text,
    reasoning,
    toolCalls,
    content: content.filter(({ type }) => type === 'native'),
    // The dialect has no word for `other`.
    reason: reason === 'other' ? 'stop' : reason,
    usage: hasUsage ? usage : undefined,
  }
}

const streams = fc.tuple(fc.array(fc.constantFrom(...CHUNKS), { maxLength: 12 }), fc.boolean())

const holds = fc.property(streams, fc.boolean(), fc.boolean(), ([chunks, hasMark], hasUsage, isSealing) => {
  const { events, failure } = answerOf(cutOff(...chunks, ...(hasMark ? ['[DONE]'] : [])))
  const writer = writerOf({ stream_options: { include_usage: hasUsage } }, { seal: isSealing })
  const written = events.map((event) => writer.write([event])).join('')
  const client = read(failure === undefined ? written : written + writer.fail(failure))
  if (failure === undefined) {
    expect(client.failure).toBeUndefined()
    expect(meaningOf(client.events, hasUsage)).toEqual(meaningOf(events, hasUsage))
  } else {
    expect(client.failure).toBeDefined()
    expect(client.events.some(({ type }) => type === 'finish')).toBe(false)
  }
})

test('a client reads the same answer from frames that were passed on as the server did', () => {
  fc.assert(holds, { numRuns: 3_000 })
})
