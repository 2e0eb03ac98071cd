import type { FinishReason } from '@rivulet/core'
import { cutInsideLetters } from '../content.ts'
import type { MeantUsage } from '../meant.ts'
import {
  both,
  type Dialect,
  inStream,
  ofWhole,
  type Slot,
  type Spelling,
  withCalls,
  without,
  withText,
  withThoughts,
  withUsage,
} from '../oddities.ts'
import type { Frame, Script } from '../script.ts'
import { CALL_SLOTS, callDeltas, functionCallDeltas, wholeCalls } from './chat-calls.ts'
import { ERROR_SLOTS, errorFrame, failingReason } from './chat-errors.ts'

const whole = both(inStream, ofWhole)
const used = both(inStream, withUsage)

const SLOTS: readonly Slot[] = [
  ...CALL_SLOTS,
  ...ERROR_SLOTS,
  {
    probability: 0.15,
    kinds: {
      'reason-empty-in-every-chunk': inStream,
      'reason-null-word-in-every-chunk': inStream,
      'reason-in-every-chunk': both(inStream, without('reason-none')),
    },
  },
  {
    kinds: {
      'reason-upper-case': ofWhole,
      'reason-with-colon': ofWhole,
      'reason-synonym': ofWhole,
      'reason-stop-for-calls': both(ofWhole, withCalls),
      'reason-none': both(whole, ({ reason }) => reason === 'stop' || reason === 'tool-calls', without('done-missing')),
      'reason-twice': whole,
    },
  },
  {
    kinds: {
      'usage-in-last-chunk': used,
      'usage-in-choice': used,
      'usage-in-every-chunk': used,
      'usage-without-choices': used,
      'usage-null-before': used,
      'usage-x-groq': used,
    },
  },
  { kinds: { 'done-missing': whole, 'done-as-event': whole, 'another-answer-after-done': whole } },
  { kinds: { 'half-surrogates': withText } },
  {
    kinds: {
      'thoughts-as-reasoning': withThoughts,
      'thoughts-in-both-fields': withThoughts,
      'thoughts-as-details': withThoughts,
      'thoughts-as-parts': withThoughts,
    },
  },
  { kinds: { 'content-in-parts': withText, 'content-null': inStream, 'role-empty-in-every-chunk': inStream } },
  {
    kinds: {
      'first-chunk-without-choices': inStream,
      'keepalive-as-data': inStream,
      'empty-data': inStream,
      'ping-objects': inStream,
      'line-that-is-not-json': inStream,
      'delta-null': inStream,
      'id-of-each-chunk': inStream,
      'event-names': inStream,
    },
  },
  { kinds: { 'second-choice': inStream, 'second-choice-first': inStream } },
]

const REASONS: Readonly<Record<FinishReason, readonly [plain: string, ...synonyms: string[]]>> = {
  stop: ['stop', 'end_turn', 'eos'],
  length: ['length', 'max_tokens', 'model_length', 'model_context_window_exceeded'],
  'tool-calls': ['tool_calls', 'function_call', 'tool_use'],
  'content-filter': ['content_filter', 'sensitive'],
  other: ['banana', 'paused'],
}

function reasonWord({ meant, has, roll }: Spelling): string {
  const [plain, ...synonyms] = REASONS[meant.reason]
  if (has('function-call')) return 'function_call'
  if (has('reason-stop-for-calls')) return 'stop'
  if (has('reason-synonym')) return roll('reason').pick(synonyms)
  if (has('reason-with-colon')) return `${plain}: 7`
  return has('reason-upper-case') ? plain.toUpperCase() : plain
}

function usageFields({
  inputTokens,
  outputTokens,
  cachedTokens,
  reasoningTokens,
}: MeantUsage): Record<string, unknown> {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedTokens !== undefined && { prompt_tokens_details: { cached_tokens: cachedTokens } }),
    ...(reasoningTokens !== undefined && { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  }
}

function thoughtFields(text: string, { has }: Spelling): Record<string, unknown> {
  if (has('thoughts-as-parts')) return { content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] }
  if (has('thoughts-as-reasoning')) return { reasoning: text }
  if (has('thoughts-in-both-fields')) return { reasoning: text, reasoning_content: text }
  if (has('thoughts-as-details')) {
    return { reasoning: text, reasoning_details: [{ type: 'reasoning.text', text, index: 0, format: 'unknown' }] }
  }
  return { reasoning_content: text }
}

const contentOf = (text: string, { has }: Spelling): unknown =>
  has('content-in-parts') ? [{ type: 'text', text }] : text

/** One delta, and the text that it says. */
interface Delta {
  delta: Record<string, unknown>
  text?: string
}

function deltasOf(spelling: Spelling): Delta[] {
  const { meant, has } = spelling
  const isHalf = has('half-surrogates')
  const pieces = (texts: readonly string[]): string[] => (isHalf ? cutInsideLetters(texts) : [...texts])
  const thoughts = pieces(meant.thoughts).map((text): Delta => ({ delta: thoughtFields(text, spelling) }))
  const texts = pieces(meant.texts).map((text): Delta => ({ delta: { content: contentOf(text, spelling) }, text }))
  const all = meant.cutCall === undefined ? meant.calls : [...meant.calls, meant.cutCall]
  const empty = has('content-null') ? { content: null } : {}
  const calls = has('function-call')
    ? functionCallDeltas(all, spelling).map((call): Delta => ({ delta: { ...empty, function_call: call } }))
    : callDeltas(all, spelling).map((fragments): Delta => ({ delta: { ...empty, tool_calls: fragments } }))
  if (!has('text-between-fragments')) return [...thoughts, ...texts, ...calls]
  // The texts go between the fragments, in their order.
  const mixed: Delta[] = []
  for (let at = 0; at < Math.max(texts.length, calls.length); at++)
    mixed.push(...calls.slice(at, at + 1), ...texts.slice(at, at + 1))
  return [...thoughts, ...mixed]
}

function write(spelling: Spelling): Script {
  return spelling.meant.form === 'document' ? document(spelling) : stream(spelling)
}

function document(spelling: Spelling): Script {
  const { meant, has } = spelling
  const text = meant.texts.join('')
  const thought = meant.thoughts.join('')
  const parts = has('thoughts-as-parts') ? [{ type: 'thinking', thinking: [{ type: 'text', text: thought }] }] : []
  const said = { type: 'text', text }
  const message = {
    role: 'assistant',
    ...(thought !== '' && thoughtFields(thought, spelling)),
    content: parts.length > 0 ? [...parts, said] : contentOf(text, spelling),
    ...(meant.calls.length > 0 && { tool_calls: wholeCalls(meant.calls, spelling) }),
  }
  const choices = [{ index: 0, message, finish_reason: reasonWord(spelling) }]
  const usage = meant.usage && { usage: usageFields(meant.usage) }
  return {
    frames: [{ json: { id: 'c1', object: 'chat.completion', created: 1, model: 'm', choices, ...usage }, text }],
    wholeAt: 0,
    markAt: 0,
  }
}

function stream(spelling: Spelling): Script {
  const { meant, has, roll } = spelling
  const { failure, usage } = meant
  const word = failure?.kind === 'reason' ? failingReason(spelling) : reasonWord(spelling)
  const before = reasonBefore(spelling, word)
  const frames: Frame[] = []
  const put = (rest: Record<string, unknown>, text?: string): void => {
    const id = has('id-of-each-chunk') ? `c${frames.length}` : 'c1'
    const json = { id, object: 'chat.completion.chunk', created: 1, model: 'm', ...rest }
    frames.push({ ...(has('event-names') && { event: 'message' }), json, ...(text !== undefined && { text }) })
  }
  const counts = usage && usageFields(usage)
  const early = (part: number): object => {
    if (has('usage-null-before')) return { usage: null }
    if (usage === undefined || !has('usage-in-every-chunk')) return {}
    return { usage: usageFields({ ...usage, outputTokens: Math.floor(usage.outputTokens * part) }) }
  }
  const role = has('role-empty-in-every-chunk') ? { role: '' } : {}
  if (has('first-chunk-without-choices')) put({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] })
  const ends = has('reason-in-every-chunk') ? { endsFrom: frames.length } : {}
  put({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: before }], ...early(0) })
  const noise = roll('noise')
  const deltas = deltasOf(spelling)
  const isCutShort = failure?.kind === 'reported'
  const count = isCutShort ? Math.floor(failure.after * deltas.length) : deltas.length
  for (const [at, { delta, text }] of deltas.slice(0, count).entries()) {
    if (noise.chance(0.5)) frames.push(...noiseFrames(spelling))
    const said = { index: 0, delta: { ...role, ...delta }, finish_reason: before }
    const other = { index: 1, delta: { content: `other ${at}` }, finish_reason: at === 0 ? null : 'stop' }
    put({ choices: has('second-choice-first') ? [other, said] : [said], ...early(at / deltas.length) }, text)
    if (has('second-choice') && noise.chance(0.6)) put({ choices: [other] })
  }
  if (isCutShort) {
    // An error in place of an answer comes before every chunk.
    if (failure.after === 0) frames.length = 0
    frames.push(errorFrame(spelling), ...(has('done-after-error') ? [{ raw: '[DONE]' }] : []))
    return { frames, ...(failure.after > 0 && ends) }
  }
  const inChoice = has('usage-in-choice') ? { usage: counts } : {}
  const isBeside = has('usage-in-last-chunk') || has('usage-in-every-chunk')
  const isLast = { index: 0, delta: role, finish_reason: has('reason-none') ? before : word, ...inChoice }
  if (failure?.kind === 'reason' || !has('reason-none') || isBeside || has('usage-in-choice')) {
    put({ choices: [isLast], ...(isBeside && { usage: counts }), ...(has('usage-null-before') && { usage: null }) })
  }
  const wholeAt = frames.length - 1
  if (has('reason-twice')) put({ choices: [{ index: 0, delta: { content: '' }, finish_reason: word }] })
  if (counts !== undefined && !isBeside && !has('usage-in-choice')) {
    if (has('usage-without-choices')) put({ usage: counts })
    else if (has('usage-x-groq')) put({ choices: [], x_groq: { id: 'req', usage: counts } })
    else put({ choices: [], usage: counts })
  }
  if (has('done-missing')) return { frames, wholeAt, ...ends }
  frames.push({ raw: '[DONE]', ...(has('done-as-event') && { event: 'done' }) })
  const markAt = frames.length - 1
  if (has('another-answer-after-done'))
    put({ choices: [{ index: 0, delta: { content: 'Another answer' }, finish_reason: 'length' }] })
  if (failure !== undefined) return { frames, ...ends }
  return { frames, wholeAt: has('reason-none') ? markAt : wholeAt, markAt, ...ends }
}

/** The reason in the chunks before the last. */
function reasonBefore({ has, meant }: Spelling, word: string): string | null {
  if (has('reason-empty-in-every-chunk')) return ''
  if (has('reason-null-word-in-every-chunk')) return 'null'
  // A failing reason in every chunk would end the answer at its first.
  return has('reason-in-every-chunk') && meant.failure?.kind !== 'reason' ? word : null
}

function noiseFrames({ has }: Spelling): Frame[] {
  if (has('keepalive-as-data')) return [{ raw: ': keepalive' }]
  if (has('empty-data')) return [{ raw: '' }]
  if (has('ping-objects')) return [{ json: { type: 'ping' } }]
  if (has('line-that-is-not-json')) return [{ raw: 'still working' }]
  return has('delta-null') ? [{ json: { id: 'c1', choices: [{ index: 0, delta: null, finish_reason: null }] } }] : []
}

/** Chat completions. @see https://platform.openai.com/docs/api-reference/chat-streaming (2026-11-20) */
export const chat: Dialect = {
  id: 'chat',
  framing: 'sse',
  readers: ['openai-compatible', 'lockchat'],
  range: {
    reasons: ['stop', 'length', 'content-filter', 'other'],
    failures: ['reported', 'reported', 'reported', 'reason', 'broken-arguments'],
    thoughts: true,
    calls: true,
    cutCalls: true,
    documents: true,
    usage: ['cachedTokens', 'reasoningTokens'],
  },
  slots: SLOTS,
  write,
}
