import type { FinishReason } from '@rivulet/core'
import type { MeantUsage } from '../meant.ts'
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
  without,
  withText,
  withThoughts,
  withUsage,
} from '../oddities.ts'
import type { Frame, Script } from '../script.ts'
import { blockFrames, blocksOf, message } from './anthropic-blocks.ts'

const whole = both(inStream, ofWhole)
const used = both(whole, withUsage)
const calling = both(inStream, withCalls, ({ failure }) => failure === undefined || failure.kind === 'reported')
const noArguments: Fits = ({ calls }) => calls.some(({ args }) => Object.keys(args).length === 0)

const SLOTS: readonly Slot[] = [
  {
    kinds: {
      'usage-shrinks': used,
      'usage-in-delta-alone': used,
      'usage-in-two-deltas': used,
      'usage-null-in-delta': used,
    },
  },
  {
    kinds: {
      'blocks-interleaved': both(inStream, ({ calls }) => calls.length > 1),
      'text-unopened': both(inStream, withText, without('text-in-start')),
      'block-stop-absent': inStream,
      'server-tool-block': anyway,
      'a-block-for-each-text': withText,
    },
  },
  { kinds: { 'text-in-start': both(inStream, withText, without('text-unopened')) } },
  {
    kinds: {
      'input-in-start': calling,
      'input-in-one-delta': calling,
      'input-null-in-start': calling,
      'input-empty-delta': both(calling, noArguments),
      'input-without-deltas': both(calling, noArguments),
    },
  },
  { kinds: { 'ids-shared': ({ calls }) => calls.length > 1, 'ids-absent': withCalls } },
  {
    kinds: {
      'reason-upper-case': ofWhole,
      'reason-synonym': ofWhole,
      'reason-for-calls': both(ofWhole, withCalls),
      'reason-null': both(ofWhole, ({ reason }) => reason === 'stop' || reason === 'tool-calls'),
      'reason-empty': both(ofWhole, ({ reason }) => reason === 'stop' || reason === 'tool-calls'),
      'reason-null-first': whole,
      'reason-empty-first': whole,
    },
  },
  { kinds: { 'thought-signed': withThoughts, 'thought-sealed': anyway } },
  { kinds: { 'half-surrogates': both(inStream, withText) } },
  { kinds: { unnamed: both(inStream, without('error-event-words')) } },
  {
    kinds: {
      pings: inStream,
      'unknown-events': inStream,
      'keepalive-as-data': inStream,
      'line-that-is-not-json': inStream,
    },
  },
  { kinds: { 'done-mark-after': whole, 'another-message-after': whole, 'start-repeated': inStream } },
  {
    always: failingBy('reported'),
    kinds: {
      'error-event': anyway,
      'error-event-flat': anyway,
      'error-event-words': without('unnamed'),
      'error-object': anyway,
      'error-words': anyway,
      'error-detail': anyway,
    },
  },
  { kinds: { 'stop-after-error': failingBy('reported') } },
  {
    always: failingBy('broken-arguments'),
    kinds: { 'arguments-doubled': anyway, 'arguments-cut': anyway, 'arguments-in-words': anyway },
  },
]

const REASONS: Readonly<Record<FinishReason, readonly [plain: string, ...synonyms: string[]]>> = {
  stop: ['end_turn', 'stop_sequence'],
  length: ['max_tokens', 'model_context_window_exceeded'],
  'tool-calls': ['tool_use', 'tool_use'],
  'content-filter': ['refusal', 'refusal'],
  other: ['banana', 'pause_turn'],
}

function reasonWord({ meant, has, roll }: Spelling): string | null {
  const [plain, ...synonyms] = REASONS[meant.reason]
  if (has('reason-null')) return null
  if (has('reason-empty')) return ''
  if (has('reason-for-calls')) return roll('reason').pick(['end_turn', 'stop_sequence', 'pause_turn'])
  if (has('reason-synonym')) return roll('reason').pick(synonyms)
  return has('reason-upper-case') ? plain.toUpperCase() : plain
}

/** Counts of the input; of the output, those so far. */
function usageFields({ inputTokens, cachedTokens }: MeantUsage, output: number): Record<string, unknown> {
  return {
    input_tokens: inputTokens - (cachedTokens ?? 0),
    ...(cachedTokens !== undefined && { cache_read_input_tokens: cachedTokens }),
    output_tokens: output,
  }
}

/** What `message_start` says of the usage, and what each `message_delta` says. */
function usages({ meant: { usage }, has }: Spelling): { start?: object; deltas: (object | undefined)[] } {
  if (usage === undefined) return { deltas: [undefined] }
  const { outputTokens } = usage
  const last = { output_tokens: outputTokens }
  const start = usageFields(usage, 1)
  if (has('usage-shrinks')) {
    return { start, deltas: [{ input_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, ...last }] }
  }
  if (has('usage-in-delta-alone')) {
    return { start: { input_tokens: 0, output_tokens: 0 }, deltas: [usageFields(usage, outputTokens)] }
  }
  if (has('usage-in-two-deltas')) return { start, deltas: [{ output_tokens: Math.floor(outputTokens / 2) }, last] }
  if (has('usage-null-in-delta'))
    return { start, deltas: [{ input_tokens: null, cache_read_input_tokens: null, ...last }] }
  return { start, deltas: [last] }
}

const head = (usage: object | undefined): Record<string, unknown> => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  ...(usage !== undefined && { usage }),
})

function write(spelling: Spelling): Script {
  const { meant, has, roll } = spelling
  const blocks = blocksOf(spelling)
  const reason = reasonWord(spelling)
  if (meant.form === 'document') {
    const usage = meant.usage && usageFields(meant.usage, meant.usage.outputTokens)
    const content = blocks.map((block) => block.whole)
    return {
      frames: [{ json: { ...head(usage), content, stop_reason: reason }, text: meant.texts.join('') }],
      wholeAt: 0,
      markAt: 0,
    }
  }
  const { start, deltas } = usages(spelling)
  const begin = message('message_start', { message: head(start) }, spelling)
  const opening = has('start-repeated') ? [begin, begin] : [begin]
  const noise = roll('noise')
  const content = blockFrames(blocks, spelling).flatMap((frame) =>
    noise.chance(0.3) ? [...noiseFrames(spelling), frame] : [frame],
  )
  const { failure } = meant
  const end = message('message_stop', {}, spelling)
  if (failure?.kind === 'reported') {
    const before =
      failure.after === 0 ? [] : [...opening, ...content.slice(0, Math.floor(failure.after * content.length))]
    return { frames: [...before, errorFrame(spelling), ...(has('stop-after-error') ? [end] : [])] }
  }
  const said = (stop_reason: string | null, usage: object | undefined): Frame =>
    message(
      'message_delta',
      { delta: { stop_reason, stop_sequence: null }, ...(usage !== undefined && { usage }) },
      spelling,
    )
  const early = has('reason-null-first')
    ? [said(null, undefined)]
    : has('reason-empty-first')
      ? [said('', undefined)]
      : []
  const closing = [...early, ...deltas.map((usage, at) => said(at === deltas.length - 1 ? reason : null, usage)), end]
  if (failure?.kind === 'second-answer') {
    // A gateway that lost its server asks another one, and hands on what that one says from its beginning.
    // Before it has said something, it may still begin again.
    const first = content.findIndex(({ text = '' }) => text !== '')
    const at = Math.max(first + 1, Math.floor(failure.after * content.length))
    return { frames: [...opening, ...withoutText(content, at), ...closing] }
  }
  const frames = [...opening, ...content, ...closing]
  if (failure !== undefined) return { frames }
  const last = frames.length - 1
  if (has('done-mark-after')) frames.push({ raw: '[DONE]' })
  if (has('another-message-after'))
    frames.push(
      begin,
      message('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'more' } }, spelling),
    )
  return { frames, wholeAt: last, markAt: last }

  function withoutText(all: readonly Frame[], at: number): Frame[] {
    return [...all.slice(0, at), begin, ...all.map(({ text: _text, ...frame }) => frame)]
  }
}

function noiseFrames({ has }: Spelling): Frame[] {
  if (has('pings')) return [{ event: 'ping', json: { type: 'ping' } }]
  if (has('unknown-events'))
    return [{ event: 'vendor_event', json: { type: 'vendor_event', index: 0, text: 'no text' } }]
  if (has('keepalive-as-data')) return [{ raw: ': keepalive' }]
  return has('line-that-is-not-json') ? [{ raw: 'still working' }] : []
}

function errorFrame({ meant: { failure }, has }: Spelling): Frame {
  if (failure === undefined) throw new TypeError('Nothing fails here.')
  const { type, message: words } = failure.report
  const error = { type, message: words }
  const name = has('unnamed') ? {} : { event: 'error' }
  if (has('error-event-flat')) return { event: 'error', json: error }
  if (has('error-event-words')) return { event: 'error', raw: words }
  if (has('error-object')) return { json: { error } }
  if (has('error-words')) return { json: { error: words } }
  return has('error-detail') ? { json: { detail: words } } : { ...name, json: { type: 'error', error } }
}

/** Anthropic's Messages. @see https://platform.claude.com/docs/en/build-with-claude/streaming (2026-11-20) */
export const anthropic: Dialect = {
  id: 'anthropic',
  framing: 'sse',
  readers: ['anthropic'],
  range: {
    reasons: ['stop', 'length', 'content-filter', 'other'],
    failures: ['reported', 'reported', 'reported', 'broken-arguments', 'lost-arguments', 'second-answer'],
    thoughts: true,
    calls: true,
    cutCalls: true,
    documents: true,
    usage: ['cachedTokens'],
  },
  slots: SLOTS,
  write,
}
