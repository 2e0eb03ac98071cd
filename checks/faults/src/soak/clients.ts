import { isRecord } from '@rivulet/core/provider'

/** What a client of a dialect asks, and what it makes of the answer. */
export interface SoakClient {
  readonly path: string
  readonly body: (question: string) => object
  readonly read: (stream: string) => ReadAnswer
}

interface ReadAnswer {
  readonly text: string
  readonly isWhole: boolean
  readonly hasFailed: boolean
}

type Frame = Readonly<Record<string, unknown>>

const MODEL = 'gpt-6.1-terra'

/** The frames of an event stream; `'[DONE]'` is a frame without fields. */
const framesOf = (stream: string): { frames: readonly Frame[]; isDone: boolean } => {
  const data = stream.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
  const frames = data.flatMap((each): Frame[] => {
    const value: unknown = each === '[DONE]' ? undefined : JSON.parse(each)
    return isRecord(value) ? [value] : []
  })
  return { frames, isDone: data.at(-1) === '[DONE]' }
}

const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      Array.isArray(inner) ? (inner as unknown[])[Number(step)] : isRecord(inner) ? inner[step] : undefined,
    value,
  )

const joined = (frames: readonly Frame[], ...path: readonly (string | number)[]): string =>
  frames
    .map((frame) => at(frame, ...path))
    .filter((text) => typeof text === 'string')
    .join('')

const partsOf = (frame: Frame): readonly Frame[] => {
  const parts = at(frame, 'candidates', 0, 'content', 'parts')
  return Array.isArray(parts) ? parts.filter(isRecord) : []
}

export const CLIENTS: readonly SoakClient[] = [
  {
    path: '/v1/chat/completions',
    body: (content) => ({ model: MODEL, stream: true, messages: [{ role: 'user', content }] }),
    read(stream) {
      const { frames, isDone } = framesOf(stream)
      const hasFailed = frames.some(({ error }) => error !== undefined)
      return { text: joined(frames, 'choices', 0, 'delta', 'content'), isWhole: isDone, hasFailed }
    },
  },
  {
    path: '/v1/responses',
    body: (input) => ({ model: MODEL, stream: true, store: false, input }),
    read(stream) {
      const { frames } = framesOf(stream)
      const deltas = frames.filter(({ type }) => type === 'response.output_text.delta')
      return {
        text: joined(deltas, 'delta'),
        isWhole: frames.at(-1)?.type === 'response.completed',
        hasFailed: frames.some(({ type }) => type === 'response.failed'),
      }
    },
  },
  {
    path: '/v1/messages',
    body: (content) => ({ model: MODEL, stream: true, max_tokens: 1000, messages: [{ role: 'user', content }] }),
    read(stream) {
      const { frames } = framesOf(stream)
      return {
        text: joined(frames, 'delta', 'text'),
        isWhole: frames.at(-1)?.type === 'message_stop',
        hasFailed: frames.some(({ type }) => type === 'error'),
      }
    },
  },
  {
    path: `/v1beta/models/${MODEL}:streamGenerateContent?alt=sse`,
    body: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
    read(stream) {
      const { frames } = framesOf(stream)
      return {
        text: joined(frames.flatMap(partsOf), 'text'),
        isWhole: at(frames.at(-1), 'candidates', 0, 'finishReason') !== undefined,
        hasFailed: frames.some(({ error }) => error !== undefined),
      }
    },
  },
]
