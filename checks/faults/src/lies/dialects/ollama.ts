import { cutInsideLetters } from '../content.ts'
import {
  anyway,
  both,
  type Dialect,
  failingBy,
  type Fits,
  inStream,
  ofWhole,
  type Slot,
  type Spelling,
  withCalls,
  withText,
  withThoughts,
} from '../oddities.ts'
import type { Frame, Script } from '../script.ts'

const whole = both(inStream, ofWhole)
const noArguments: Fits = ({ calls }) => calls.some(({ args }) => Object.keys(args).length === 0)
const isStop: Fits = ({ reason }) => reason === 'stop' || reason === 'tool-calls'

const SLOTS: readonly Slot[] = [
  { kinds: { 'content-null': inStream, 'content-absent': inStream } },
  { kinds: { 'thought-and-text-in-one-line': both(inStream, withThoughts, withText) } },
  {
    kinds: {
      'calls-in-one-line': both(inStream, ({ calls }) => calls.length > 1),
      'calls-in-last-line': both(whole, withCalls),
      'text-in-last-line': both(whole, withText, ({ calls }) => calls.length === 0),
    },
  },
  { kinds: { 'ids-absent': withCalls, 'ids-shared': ({ calls }) => calls.length > 1, 'index-given': withCalls } },
  { kinds: { 'arguments-as-text': withCalls, 'arguments-absent': noArguments, 'arguments-null': noArguments } },
  {
    kinds: {
      'reason-absent': both(ofWhole, isStop),
      'reason-empty': both(ofWhole, isStop),
      'reason-upper-case': ofWhole,
    },
  },
  { kinds: { 'created-absent': anyway } },
  { kinds: { 'line-that-is-not-json': inStream, 'empty-objects': inStream } },
  { kinds: { 'line-after-done': whole } },
  { kinds: { 'half-surrogates': both(inStream, withText) } },
  {
    always: failingBy('reported'),
    kinds: { 'error-words': anyway, 'error-object': anyway, 'error-with-status': anyway },
  },
  { kinds: { 'done-after-error': failingBy('reported') } },
]

const REASONS = {
  stop: 'stop',
  'tool-calls': 'stop',
  length: 'length',
  other: 'banana',
  'content-filter': 'banana',
} as const

function reasonFields({ meant, has }: Spelling): Record<string, unknown> {
  if (has('reason-absent')) return {}
  const word = REASONS[meant.reason]
  return { done_reason: has('reason-empty') ? '' : has('reason-upper-case') ? word.toUpperCase() : word }
}

function callsOf(spelling: Spelling): Record<string, unknown>[] {
  const { meant, has } = spelling
  return meant.calls.map(({ id, name, args }, index) => {
    const isEmpty = Object.keys(args).length === 0
    const text = has('arguments-as-text') ? JSON.stringify(args) : args
    const given =
      isEmpty && has('arguments-absent') ? {} : { arguments: isEmpty && has('arguments-null') ? null : text }
    const named = has('ids-absent') ? {} : { id: has('ids-shared') ? 'call_0' : id }
    return { ...named, function: { ...(has('index-given') && { index }), name, ...given } }
  })
}

/** A line's message, and the text that it says. */
interface Line {
  message: Record<string, unknown>
  text?: string
}

function linesOf(spelling: Spelling): Line[] {
  const { meant, has } = spelling
  const blank = has('content-null') ? { content: null } : has('content-absent') ? {} : { content: '' }
  const texts = has('half-surrogates') ? cutInsideLetters(meant.texts) : meant.texts
  const thoughts = meant.thoughts.map((thinking): Line => ({ message: { role: 'assistant', ...blank, thinking } }))
  const words = texts.map((text): Line => ({ message: { role: 'assistant', content: text }, text }))
  const [call, ...more] = callsOf(spelling)
  const one = (all: object[]): Line => ({ message: { role: 'assistant', ...blank, tool_calls: all } })
  const calls =
    call === undefined
      ? []
      : has('calls-in-one-line')
        ? [one([call, ...more])]
        : [call, ...more].map((each) => one([each]))
  const last = thoughts.at(-1)
  const first = words.at(0)
  if (!has('thought-and-text-in-one-line') || last === undefined || first === undefined)
    return [...thoughts, ...words, ...calls]
  const both: Line = { ...first, message: { ...last.message, ...first.message } }
  return [...thoughts.slice(0, -1), both, ...words.slice(1), ...calls]
}

function write(spelling: Spelling): Script {
  const { meant, has, roll } = spelling
  const about = { model: 'm', ...(!has('created-absent') && { created_at: '2026-11-20T10:25:00.123456Z' }) }
  const counts = meant.usage && { prompt_eval_count: meant.usage.inputTokens, eval_count: meant.usage.outputTokens }
  const end = { done: true, ...reasonFields(spelling), total_duration: 7, ...counts }
  if (meant.form === 'document') {
    const text = meant.texts.join('')
    const thinking = meant.thoughts.length > 0 ? { thinking: meant.thoughts.join('') } : {}
    const calls = meant.calls.length > 0 ? { tool_calls: callsOf(spelling) } : {}
    return {
      frames: [
        { json: { ...about, message: { role: 'assistant', content: text, ...thinking, ...calls }, ...end }, text },
      ],
      wholeAt: 0,
      markAt: 0,
    }
  }
  const noise = roll('noise')
  const lines = linesOf(spelling)
  const kept = has('calls-in-last-line') || has('text-in-last-line') ? lines.pop() : undefined
  const content = lines.flatMap(({ message, text }, at): Frame[] => [
    ...(at > 0 && noise.chance(0.4) ? noiseFrames(spelling) : []),
    { json: { ...about, message, done: false }, ...(text !== undefined && { text }) },
  ])
  const last: Frame = {
    json: { ...about, message: kept?.message ?? { role: 'assistant', content: '' }, ...end },
    ...(kept?.text !== undefined && { text: kept.text }),
  }
  const { failure } = meant
  if (failure !== undefined) {
    const before = content.slice(0, Math.floor(failure.after * content.length))
    return {
      frames: [
        ...before,
        errorLine(spelling),
        ...(has('done-after-error') ? [last].map(({ text: _text, ...frame }) => frame) : []),
      ],
    }
  }
  const frames = [...content, last]
  const at = frames.length - 1
  if (has('line-after-done'))
    frames.push({ json: { ...about, message: { role: 'assistant', content: 'more' }, done: false } })
  return { frames, wholeAt: at, markAt: at }
}

function noiseFrames({ has }: Spelling): Frame[] {
  if (has('line-that-is-not-json')) return [{ raw: 'still working' }]
  return has('empty-objects') ? [{ json: {} }] : []
}

function errorLine({ meant: { failure }, has }: Spelling): Frame {
  if (failure === undefined) throw new TypeError('Nothing fails here.')
  const { status, message, type } = failure.report
  if (has('error-object')) return { json: { error: { message, type } } }
  return has('error-with-status')
    ? { json: { StatusCode: status, Status: String(status), error: message } }
    : { json: { error: message } }
}

/** Ollama's `/api/chat`. @see https://docs.ollama.com/api/chat (2026-11-20) */
export const ollama: Dialect = {
  id: 'ollama',
  framing: 'ndjson',
  readers: ['ollama'],
  range: {
    reasons: ['stop', 'length', 'other'],
    failures: ['reported'],
    thoughts: true,
    calls: true,
    documents: true,
    usage: [],
  },
  slots: SLOTS,
  write,
}
