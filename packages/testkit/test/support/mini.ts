import {
  ChatError,
  type EmbedResult,
  type FinishReason,
  type Provider,
  type ProviderOptions,
  type Usage,
} from '@rivulet/core'
import {
  bearer,
  type DecodedEvent,
  type Decoder,
  detectFraming,
  type Framing,
  httpProvider,
  isErrorBody,
  isRecord,
  readErrorBody,
  settings,
} from '@rivulet/core/provider'
import type { Subject } from '../../src/index.ts'
import { DONE, miniVariants, sse } from './mini-variants.ts'

export const SECRET = 'sk-mini-0123456789/abc+def'

/** Mistakes that the dialect can make; without one, it is right. */
export type Mistake =
  | 'any end of the body is the end'
  | 'ignores errors'
  | 'ignores [DONE]'
  | 'wants [DONE]'
  | 'drops reasoning'
  | 'no empty data'
  | 'pings are text'
  | 'skips silently'
  | 'endless lines'
  | 'drops carriage returns'
  | 'counts its requests'
  | 'spreads the request'
  | 'takes any arguments'
  | 'gives all arguments to the last call'
  | 'any word is a finish reason'
  | 'ends at the finish reason'
  | 'waits for [DONE]'
  | '[DONE] is an answer'
  | 'mixes answers'
  | 'never compares'
  | 'drops the whole'
  | 'calls without an id are one'

/**
 * A small dialect: `{"text"}`, `{"think"}`, `{"call"}`, `{"args"}`, `{"usage"}`, `{"whole"}`, `{"finish"}`, then `[DONE]`, as
 * server-sent events; `{"answer":1}` is another answer.
 */
export function mini(options: ProviderOptions, mistake?: Mistake): Provider {
  let requests = 0
  return httpProvider(
    {
      id: 'mini',
      baseUrl: 'http://mini.example',
      info: {
        name: 'Mini',
        url: 'http://mini.example',
        auth: 'required',
        streaming: true,
        models: [{ id: 'mini-1' }],
        settings: settings({ stream: undefined }),
      },
      protocol: {
        dialect: 'mini',
        open: (request) => ({
          http: {
            path: '/chat',
            body:
              mistake === 'spreads the request'
                ? request
                : {
                    model: request.model,
                    messages: request.messages.map(({ role, content }) => ({ role, content })),
                    ...(mistake === 'counts its requests' && { n: ++requests }),
                  },
          },
          decode: (emit) => decode(emit, mistake),
        }),
        framing: (contentType) => framing(contentType, mistake),
        endsAfterMs: 1_000,
      },
      embeddings: {
        encode: (request) => ({ path: '/embed', body: request }),
        read: (document) => (isPair(document) ? (document as EmbedResult) : undefined),
      },
      authorize: bearer(SECRET),
    },
    options,
  )
}

function framing(contentType: string, mistake: Mistake | undefined): Framing {
  const right = detectFraming(contentType, mistake === 'endless lines' ? { maxFrameBytes: 256 * 1024 * 1024 } : {})
  if (mistake !== 'drops carriage returns') return right
  return (out) => {
    const sink = right(out)
    return {
      push: (chunk) => {
        sink.push(chunk.filter((byte) => byte !== 13))
      },
      end: () => {
        sink.end()
      },
    }
  }
}

/** Two vectors: what the laws ask for. */
const isPair = (document: unknown): boolean =>
  isRecord(document) && Array.isArray(document.vectors) && document.vectors.length === 2

function decode(emit: (event: DecodedEvent) => void, mistake: Mistake | undefined): Decoder {
  let reason: FinishReason | undefined
  let said = ''
  let frames = 0
  let finished = false
  let skipped = 0
  let usage: Usage | undefined
  const calls = new Map<string, string>()
  const finish = (): void => {
    const cut = [...calls.values()].some((json) => json !== '' && parse(json) === undefined)
    if (cut && mistake !== 'takes any arguments') throw new ChatError('truncated', 'arguments without end')
    finished = true
    emit({ type: 'finish', reason: reason ?? 'stop', ...(usage && { usage }), ...(skipped > 0 && { skipped }) })
  }
  const say = (text: string): void => {
    said += text
    emit({ type: 'text', text })
  }
  return {
    get mayEnd() {
      return reason !== undefined && mistake !== 'waits for [DONE]'
    },
    push(frame) {
      const data = frame.text().trim()
      if (data === '' && mistake === 'no empty data') throw new ChatError('malformed', 'empty data')
      if (data === '' || data.startsWith(':')) return
      if (data === '[DONE]') {
        if (frames === 0 && mistake !== '[DONE] is an answer') throw new ChatError('malformed', 'no answer')
        if (mistake !== 'ignores [DONE]') finish()
        return
      }
      const message = parse(data)
      if (message === undefined) {
        if (frame.event === 'error' && mistake !== 'ignores errors') {
          const { code, message: words } = readErrorBody(undefined, data)
          throw new ChatError(code, words)
        }
        if (frames === 0) throw new ChatError(data.startsWith('{') ? 'truncated' : 'malformed', 'no JSON')
        if (mistake !== 'skips silently') skipped++
        return
      }
      frames++
      if (isErrorBody(message) && mistake !== 'ignores errors') {
        const { code, message: words } = readErrorBody(undefined, message)
        throw new ChatError(code, words)
      }
      if (!isRecord(message) || (message.answer === 1 && mistake !== 'mixes answers')) return
      const { text, think, call, args, whole, finish: why } = message
      if (typeof text === 'string') say(text)
      if (typeof think === 'string' && mistake !== 'drops reasoning') emit({ type: 'reasoning', text: think })
      if (isRecord(call)) {
        const made = mistake === 'calls without an id are one' ? 'call' : `call_${calls.size}`
        const id = typeof call.id === 'string' ? call.id : made
        calls.set(id, '')
        emit({ type: 'tool-call', id, name: String(call.name) })
      }
      if (isRecord(args)) {
        const ofLast = args.id === undefined || mistake === 'gives all arguments to the last call'
        const id = (ofLast ? [...calls.keys()].at(-1) : undefined) ?? String(args.id)
        calls.set(id, `${calls.get(id) ?? ''}${String(args.json)}`)
        emit({ type: 'tool-input', id, text: String(args.json) })
      }
      if (typeof message.usage === 'number') {
        usage = { inputTokens: 1, outputTokens: message.usage, source: 'reported' }
      }
      if (typeof whole === 'string' && mistake !== 'drops the whole') {
        if (said === '') say(whole)
        else if (said !== whole && mistake !== 'never compares') throw new ChatError('malformed', 'not what was said')
      }
      if (why === 'stop' || why === 'tool-calls') reason = why
      else if (typeof why === 'string' && mistake === 'any word is a finish reason') reason = 'other'
      if (reason !== undefined && mistake === 'ends at the finish reason') finish()
      if (message.type === 'ping' && mistake === 'pings are text') emit({ type: 'text', text: 'ping' })
    },
    end() {
      if (finished) return
      if (mistake === 'any end of the body is the end') finish()
      else if (frames === 0) throw new ChatError('malformed', 'no message')
      else if (reason !== undefined && mistake !== 'wants [DONE]') finish()
      else throw new ChatError('truncated', 'no end mark')
    },
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

const endMark = '"finish"'

/** The provider as a subject of the laws. */
export const subjectOf = (provider: Subject['provider']): Subject => ({
  name: 'Mini',
  provider,
  request: { model: 'mini-1', messages: [{ role: 'user', content: 'Hello' }] },
  secrets: [SECRET],
  answers: {
    ...miniVariants,
    text: { ...sse('{"text":"Grüße"}', '{"text":" 🌊."}', ...DONE), text: 'Grüße 🌊.', usage: 'absent', endMark },
    onePiece: {
      contentType: 'application/json',
      body: Buffer.from('{"text":"In einem Stück 🌊.","finish":"stop"}'),
      text: 'In einem Stück 🌊.',
      usage: 'absent',
      endMark: true,
    },
    onePieceToolCalls: {
      contentType: 'application/json',
      body: Buffer.from('{"call":{"id":"c1","name":"f"},"args":{"id":"c1","json":"{}"},"finish":"tool-calls"}'),
      toolCalls: [{ type: 'tool-call', id: 'c1', name: 'f', input: '{}' }],
      endMark: true,
    },
    empty: { ...sse(...DONE), endMark },
    more: {
      'usage in every chunk': {
        ...sse('{"text":"Hi","usage":1}', '{"text":"!","usage":2}', ...DONE),
        text: 'Hi!',
        usage: { inputTokens: 1, outputTokens: 2, source: 'reported' },
        endMark,
      },
    },
    reasoning: { ...sse('{"think":"hm"}', '{"text":"ok"}', ...DONE), text: 'ok', reasoning: 'hm', endMark },
    toolCall: {
      ...sse(
        '{"call":{"id":"c1","name":"f"}}',
        '{"args":{"id":"c1","json":"{}"}}',
        '{"finish":"tool-calls"}',
        '[DONE]',
      ),
      toolCalls: [{ type: 'tool-call', id: 'c1', name: 'f', input: '{}' }],
      endMark,
    },
    toolCalls: {
      interleaved: {
        ...sse(
          '{"call":{"id":"c1","name":"f"}}',
          '{"call":{"id":"c2","name":"g"}}',
          '{"args":{"id":"c1","json":"[1"}}',
          '{"args":{"id":"c2","json":"[2"}}',
          '{"args":{"id":"c1","json":"]"}}',
          '{"args":{"id":"c2","json":"]"}}',
          '{"finish":"tool-calls"}',
          '[DONE]',
        ),
        toolCalls: [
          { type: 'tool-call', id: 'c1', name: 'f', input: '[1]' },
          { type: 'tool-call', id: 'c2', name: 'g', input: '[2]' },
        ],
        endMark,
      },
    },
    cutToolCall: sse(
      '{"call":{"id":"c1","name":"f"}}',
      '{"args":{"id":"c1","json":"[1"}}',
      '{"finish":"tool-calls"}',
      '[DONE]',
    ),
    errorFirst: { ...sse('{"error":{"message":"busy","type":"server_error"}}'), code: 'overloaded' },
    errorMidStream: { ...sse('{"text":"Hal"}', '{"error":{"message":"No.","code":429}}'), code: 'rate-limited' },
  },
})
