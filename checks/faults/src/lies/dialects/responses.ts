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
} from '../oddities.ts'
import type { Frame, Script } from '../script.ts'
import { callItem, holeIn, type Item, messageItem, thoughtItem } from './responses-items.ts'

const notDiffering: Fits = ({ failure }) => failure?.kind !== 'differs' && failure?.kind !== 'broken-arguments'
const whole = both(inStream, ofWhole)
/** Only where another event repeats what the deltas leave out. */
const inDone = both(whole, notDiffering, without('done-absent'))
const inCompleted = both(whole, notDiffering, without('output-empty'))

/** Whether they are several paragraphs, none of them empty. */
const inParagraphs = (thoughts: readonly string[]): boolean => {
  const parts = thoughts.join('').split('\n\n')
  return parts.length > 1 && parts.every((part) => part !== '')
}

const SLOTS: readonly Slot[] = [
  {
    kinds: {
      'text-in-done': both(inDone, withText),
      'text-in-item': both(inDone, withText),
      'text-in-completed': both(inCompleted, withText),
      'text-tail-lost': both(inDone, withText),
    },
  },
  {
    kinds: {
      'arguments-in-done': both(inDone, withCalls),
      'arguments-in-item': both(inDone, withCalls),
      'arguments-in-completed': both(inCompleted, withCalls),
      'arguments-tail-lost': both(inDone, withCalls),
    },
  },
  {
    kinds: {
      'thought-in-done': both(inDone, withThoughts),
      'thought-in-item': both(inDone, withThoughts),
      'thought-in-completed': both(inCompleted, withThoughts),
      'thought-tail-lost': both(inDone, withThoughts, without('thoughts-in-parts')),
    },
  },
  {
    kinds: {
      'added-absent': both(whole, without('done-absent')),
      'done-absent': both(inStream, notDiffering, without('added-absent')),
      'output-empty': inStream,
    },
  },
  { kinds: { 'item-ids-changing': inStream } },
  { kinds: { 'ids-shared': ({ calls }) => calls.length > 1, 'ids-absent': withCalls } },
  { kinds: { unnamed: both(inStream, without('error-event-words')) } },
  {
    kinds: {
      'created-absent': inStream,
      'unknown-events': inStream,
      'keepalive-as-data': inStream,
      'ping-events': inStream,
    },
  },
  { kinds: { 'done-mark-after': whole, 'event-after-completed': whole } },
  { kinds: { 'incomplete-in-completed': both(whole, ({ reason }) => reason === 'length') } },
  {
    kinds: {
      refusal: both(ofWhole, withText, ({ reason, cutCall }) => reason === 'content-filter' && cutCall === undefined),
    },
  },
  {
    kinds: {
      'thoughts-as-reasoning-text': withThoughts,
      'thoughts-in-parts': both(withThoughts, ({ thoughts }) => inParagraphs(thoughts)),
    },
  },
  { kinds: { 'half-surrogates': both(inStream, notDiffering, withText) } },
  {
    always: failingBy('reported'),
    kinds: {
      'error-event': anyway,
      'error-event-flat': anyway,
      'error-event-words': without('unnamed'),
      'error-object': anyway,
      'error-then-failed': anyway,
      'error-detail': anyway,
      'response-failed': anyway,
      'failed-in-completed': anyway,
    },
  },
  {
    always: failingBy('differs'),
    kinds: {
      'text-differs': withText,
      'arguments-differ': withCalls,
      'text-with-a-hole': ({ texts }) => holeIn(texts) !== -1,
    },
  },
  { always: failingBy('reason'), kinds: { 'response-cancelled': anyway, 'failed-without-error': anyway } },
  { always: failingBy('broken-arguments'), kinds: { 'arguments-cut': anyway, 'arguments-in-words': anyway } },
]

function itemsOf(spelling: Spelling): Item[] {
  const { thoughts, texts, calls, cutCall } = spelling.meant
  const items: Item[] = []
  if (thoughts.length > 0) items.push(thoughtItem(thoughts, { at: items.length, spelling }))
  if (texts.length > 0) items.push(messageItem(texts, { at: items.length, spelling }))
  for (const call of cutCall === undefined ? calls : [...calls, cutCall])
    items.push(callItem(call, { at: items.length, spelling }))
  return items
}

const usageFields = ({
  inputTokens,
  outputTokens,
  cachedTokens,
  reasoningTokens,
}: MeantUsage): Record<string, unknown> => ({
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  ...(cachedTokens !== undefined && { input_tokens_details: { cached_tokens: cachedTokens } }),
  ...(reasoningTokens !== undefined && { output_tokens_details: { reasoning_tokens: reasoningTokens } }),
})

/** How the answer ended: the final response without its output. */
function ending({ meant, has }: Spelling): { event: string; fields: Record<string, unknown> } {
  const isWhole = meant.reason === 'stop' || meant.reason === 'tool-calls' || has('refusal')
  if (isWhole) return { event: 'completed', fields: { status: 'completed', error: null, incomplete_details: null } }
  const reasons: Partial<Record<string, string>> = { length: 'max_output_tokens', 'content-filter': 'content_filter' }
  const fields = {
    status: 'incomplete',
    error: null,
    incomplete_details: { reason: reasons[meant.reason] ?? 'banana' },
  }
  return { event: has('incomplete-in-completed') ? 'completed' : 'incomplete', fields }
}

function responseOf(spelling: Spelling, items: readonly Item[]): Record<string, unknown> {
  const { meant, has } = spelling
  return {
    id: 'resp_1',
    object: 'response',
    model: 'm',
    ...ending(spelling).fields,
    output: has('output-empty') ? [] : items.map((item) => item.whole),
    usage: meant.usage === undefined ? null : usageFields(meant.usage),
  }
}

function write(spelling: Spelling): Script {
  const { meant, has, roll } = spelling
  const items = itemsOf(spelling)
  const text = meant.texts.join('')
  if (meant.form === 'document') return { frames: [{ json: responseOf(spelling, items), text }], wholeAt: 0, markAt: 0 }
  const begun = { id: 'resp_1', object: 'response', model: 'm', status: 'in_progress', output: [], error: null }
  const named = (type: string, fields: Record<string, unknown>, said?: string): Frame => ({
    ...(!has('unnamed') && { event: type }),
    json: { type, ...fields },
    ...(said !== undefined && { text: said }),
  })
  const opening = has('created-absent')
    ? []
    : [named('response.created', { response: begun }), named('response.in_progress', { response: begun })]
  const content = items.flatMap(({ frames }) => frames)
  const { failure } = meant
  if (failure?.kind === 'reported') {
    const part = content.slice(0, Math.floor(failure.after * content.length))
    const before =
      failure.after === 0 && !has('response-failed') && !has('failed-in-completed') ? [] : [...opening, ...part]
    return { frames: [...before, ...errorFrames(spelling)] }
  }
  if (failure?.kind === 'reason') {
    const isCancelled = has('response-cancelled')
    const end = isCancelled ? 'cancelled' : 'failed'
    return { frames: [...opening, ...content, named(`response.${end}`, { response: { ...begun, status: end } })] }
  }
  const noise = roll('noise')
  const noisy = content.flatMap((frame) => (noise.chance(0.4) ? [...noiseFrames(spelling), frame] : [frame]))
  const { event } = ending(spelling)
  const late = has('text-in-completed') ? text : ''
  const frames = [...opening, ...noisy, named(`response.${event}`, { response: responseOf(spelling, items) }, late)]
  if (failure !== undefined) return { frames }
  const at = frames.length - 1
  if (has('done-mark-after')) frames.push({ raw: '[DONE]' })
  if (has('event-after-completed'))
    frames.push(named('response.output_text.delta', { output_index: 9, item_id: 'z', delta: 'more' }))
  return { frames, wholeAt: at, markAt: at }
}

function noiseFrames({ has }: Spelling): Frame[] {
  if (has('unknown-events'))
    return [
      {
        event: 'response.web_search_call.searching',
        json: { type: 'response.web_search_call.searching', output_index: 40 },
      },
    ]
  if (has('keepalive-as-data')) return [{ raw: ': keepalive' }]
  return has('ping-events') ? [{ event: 'ping', json: { type: 'ping' } }] : []
}

function errorFrames({ meant: { failure }, has }: Spelling): Frame[] {
  if (failure === undefined) throw new TypeError('Nothing fails here.')
  const { message, code, type } = failure.report
  const error = { type, code, message, param: null }
  const name = has('unnamed') ? {} : { event: 'error' }
  const response = {
    id: 'resp_1',
    object: 'response',
    model: 'm',
    status: 'failed',
    output: [],
    error: { code, message },
  }
  const failed: Frame = {
    ...(!has('unnamed') && { event: 'response.failed' }),
    json: { type: 'response.failed', response },
  }
  if (has('error-event-flat'))
    return [{ ...name, json: { type: 'error', code, message, param: null, sequence_number: 9 } }]
  if (has('error-event-words')) return [{ event: 'error', raw: message }]
  if (has('error-object')) return [{ json: { error } }]
  if (has('error-detail')) return [{ json: { detail: message } }]
  if (has('response-failed')) return [failed]
  if (has('failed-in-completed'))
    return [{ ...(!has('unnamed') && { event: 'response.completed' }), json: { type: 'response.completed', response } }]
  const event: Frame = { ...name, json: { type: 'error', error } }
  return has('error-then-failed') ? [event, failed] : [event]
}

/** OpenAI's Responses. @see https://platform.openai.com/docs/api-reference/responses-streaming (2026-11-20) */
export const responses: Dialect = {
  id: 'responses',
  framing: 'sse',
  readers: ['openai-responses'],
  range: {
    reasons: ['stop', 'length', 'content-filter', 'other'],
    failures: ['reported', 'reported', 'reported', 'reason', 'differs', 'broken-arguments'],
    thoughts: true,
    calls: true,
    cutCalls: true,
    documents: true,
    usage: ['cachedTokens', 'reasoningTokens'],
  },
  slots: SLOTS,
  write,
}
