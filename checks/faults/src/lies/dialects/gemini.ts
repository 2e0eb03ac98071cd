import type { FinishReason } from '@rivulet/core'
import { cutInsideLetters } from '../content.ts'
import type { MeantCall, MeantUsage } from '../meant.ts'
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
  withUsage,
} from '../oddities.ts'
import type { Frame, Script } from '../script.ts'

const whole = both(inStream, ofWhole)
const used = both(inStream, withUsage)
const noArguments: Fits = ({ calls }) => calls.some(({ args }) => Object.keys(args).length === 0)

const SLOTS: readonly Slot[] = [
  {
    kinds: {
      'reason-in-every-chunk': inStream,
      'reason-first': inStream,
      'reason-before-the-last-text': both(whole, ({ texts }) => texts.length > 1),
      'reason-empty-in-every-chunk': inStream,
      'reason-unspecified-in-every-chunk': inStream,
    },
  },
  { kinds: { 'reason-lower-case': ofWhole, 'reason-synonym': ofWhole } },
  { kinds: { 'usage-in-last-chunk': used, 'usage-in-its-own-chunk': used, 'usage-beside-no-candidates': used } },
  { kinds: { 'ids-absent': withCalls, 'ids-shared': ({ calls }) => calls.length > 1 } },
  { kinds: { 'args-absent': noArguments, 'args-null': noArguments } },
  {
    kinds: {
      'calls-in-one-chunk': both(inStream, ({ calls }) => calls.length > 1),
      'text-and-call-in-one-chunk': both(inStream, withCalls, withText),
    },
  },
  { kinds: { 'empty-parts': anyway, 'empty-text-parts': anyway, signatures: anyway, 'unknown-parts': anyway } },
  { kinds: { 'second-candidate': inStream, 'second-candidate-first': anyway } },
  { kinds: { 'safety-ratings': inStream, 'content-absent-at-the-end': whole, 'role-and-index-absent': anyway } },
  {
    kinds: { 'keepalive-as-data': inStream, 'line-that-is-not-json': inStream, 'chunks-without-candidates': inStream },
  },
  { kinds: { 'done-mark-after': whole } },
  { kinds: { 'half-surrogates': both(inStream, withText) } },
  {
    always: failingBy('reported'),
    kinds: {
      'error-object': anyway,
      'error-in-a-list': anyway,
      'error-event': anyway,
      'error-event-words': anyway,
      'error-words': anyway,
      'error-flat': anyway,
    },
  },
  {
    always: failingBy('reason'),
    kinds: { 'reason-malformed-call': anyway, 'reason-malformed-call-with-words': anyway },
  },
  { always: failingBy('blocked-prompt'), kinds: { 'block-reason': anyway, 'block-reason-and-no-candidates': anyway } },
]

const REASONS: Readonly<Record<FinishReason, readonly [plain: string, ...synonyms: string[]]>> = {
  stop: ['STOP', 'STOP'],
  length: ['MAX_TOKENS', 'MAX_TOKENS'],
  'tool-calls': ['STOP', 'STOP'],
  'content-filter': ['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII'],
  other: ['OTHER', 'LANGUAGE'],
}

function reasonWord({ meant, has, roll }: Spelling): string {
  if (meant.failure?.kind === 'reason') return 'MALFORMED_FUNCTION_CALL'
  const [plain, ...synonyms] = REASONS[meant.reason]
  if (has('reason-synonym')) return roll('reason').pick(synonyms)
  return has('reason-lower-case') ? plain.toLowerCase() : plain
}

/** `candidatesTokenCount` leaves out the thoughts, which are counted apart. */
const usageFields = ({
  inputTokens,
  outputTokens,
  cachedTokens,
  reasoningTokens = 0,
}: MeantUsage): Record<string, unknown> => ({
  promptTokenCount: inputTokens,
  candidatesTokenCount: outputTokens - reasoningTokens,
  ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
  ...(cachedTokens !== undefined && { cachedContentTokenCount: cachedTokens }),
  totalTokenCount: inputTokens + outputTokens,
})

/** Parts that go in one chunk, and the text that they say. */
interface Piece {
  parts: Record<string, unknown>[]
  text?: string
}

function callPart({ id, name, args }: MeantCall, { has }: Spelling): Record<string, unknown> {
  const isEmpty = Object.keys(args).length === 0
  const given = isEmpty && has('args-absent') ? {} : { args: isEmpty && has('args-null') ? null : args }
  const named = has('ids-absent') ? {} : { id: has('ids-shared') ? 'call_0' : id }
  return { functionCall: { ...named, name, ...given }, ...(has('signatures') && { thoughtSignature: 'c2lnbmVk' }) }
}

function piecesOf(spelling: Spelling): Piece[] {
  const { meant, has } = spelling
  const texts = has('half-surrogates') ? cutInsideLetters(meant.texts) : meant.texts
  const extra = [
    ...(has('empty-parts') ? [{}] : []),
    ...(has('empty-text-parts') ? [{ text: '' }] : []),
    ...(has('unknown-parts') ? [{ executableCode: { language: 'PYTHON', code: 'print(1)' } }] : []),
  ]
  const thoughts = meant.thoughts.map((text): Piece => ({ parts: [{ text, thought: true }, ...extra] }))
  const words = texts.map((text): Piece => ({ parts: [...extra, { text }], text }))
  const calls = meant.calls.map((call): Piece => ({ parts: [callPart(call, spelling)] }))
  const together = has('calls-in-one-chunk') ? [{ parts: calls.flatMap(({ parts }) => parts) }] : calls
  const last = words.at(-1)
  if (!has('text-and-call-in-one-chunk') || last === undefined) return [...thoughts, ...words, ...together]
  const [first, ...rest] = together
  const both: Piece = {
    parts: [...last.parts, ...(first?.parts ?? [])],
    ...(last.text !== undefined && { text: last.text }),
  }
  return [...thoughts, ...words.slice(0, -1), both, ...rest]
}

function candidateOf(
  parts: unknown[],
  { reason, spelling: { has } }: { reason: string | undefined; spelling: Spelling },
): Record<string, unknown> {
  const place = has('role-and-index-absent') ? {} : { index: 0 }
  const role = has('role-and-index-absent') ? {} : { role: 'model' }
  return {
    ...((parts.length > 0 || !has('content-absent-at-the-end')) && { content: { ...role, parts } }),
    ...(reason !== undefined && { finishReason: reason }),
    ...(has('safety-ratings') && {
      safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' }],
    }),
    ...place,
  }
}

const OTHER = { content: { role: 'model', parts: [{ text: 'other' }] }, finishReason: 'STOP', index: 1 }

function write(spelling: Spelling): Script {
  const { meant, has } = spelling
  const about = { modelVersion: 'm', responseId: 'R1' }
  const pieces = piecesOf(spelling)
  const word = reasonWord(spelling)
  if (meant.form === 'document') {
    const candidate = candidateOf(
      pieces.flatMap(({ parts }) => parts),
      { reason: word, spelling },
    )
    const candidates = has('second-candidate-first') ? [OTHER, candidate] : [candidate]
    const json = { candidates, ...about, ...(meant.usage && { usageMetadata: usageFields(meant.usage) }) }
    return { frames: [{ json, text: meant.texts.join('') }], wholeAt: 0, markAt: 0 }
  }
  return stream(spelling, { pieces, word, about })
}

interface Said {
  pieces: readonly Piece[]
  word: string
  about: Record<string, unknown>
}

function stream(spelling: Spelling, { pieces, word, about }: Said): Script {
  const { meant, has, roll } = spelling
  const { failure, usage } = meant
  const frames: Frame[] = []
  const counts = usage && usageFields(usage)
  const chunk = (
    parts: unknown[],
    { reason, text, isLast = false }: { reason?: string | undefined; text?: string; isLast?: boolean },
  ): void => {
    const candidate = candidateOf(parts, { reason, spelling })
    const candidates = has('second-candidate-first') ? [OTHER, candidate] : [candidate]
    const isTold = isLast
      ? !has('usage-in-its-own-chunk') && !has('usage-beside-no-candidates')
      : !has('usage-in-last-chunk')
    const told =
      isLast || usage === undefined ? counts : usageFields({ ...usage, outputTokens: usage.reasoningTokens ?? 0 })
    frames.push({
      json: { candidates, ...about, ...(told !== undefined && isTold && { usageMetadata: told }) },
      ...(text !== undefined && { text }),
    })
    if (has('second-candidate')) frames.push({ json: { candidates: [OTHER], ...about } })
  }
  // An answer that fails by its reason says so at its end alone.
  const early = failure?.kind === 'reason' ? 'STOP' : word
  const before = has('reason-in-every-chunk')
    ? early
    : has('reason-empty-in-every-chunk')
      ? ''
      : has('reason-unspecified-in-every-chunk')
        ? 'FINISH_REASON_UNSPECIFIED'
        : undefined
  let endsFrom = has('reason-in-every-chunk') ? 0 : undefined
  if (failure?.kind === 'blocked-prompt') return { frames: [blockedFrame(spelling, about)] }
  const noise = roll('noise')
  const count = failure?.kind === 'reported' ? Math.floor(failure.after * pieces.length) : pieces.length
  if (has('reason-first') && !(failure?.kind === 'reported' && failure.after === 0)) {
    endsFrom = 0
    chunk([], { reason: early })
  }
  let said = 0
  const lastText = pieces.findLastIndex(({ text }) => text !== undefined)
  for (const [at, { parts, text }] of pieces.slice(0, count).entries()) {
    if (at > 0 && noise.chance(0.4)) frames.push(...noiseFrames(spelling))
    if (at === lastText && has('reason-before-the-last-text')) {
      endsFrom ??= frames.length
      chunk([], { reason: word })
    }
    said = frames.length
    chunk(parts, { reason: before, ...(text !== undefined && { text }) })
  }
  const ends = endsFrom === undefined ? {} : { endsFrom }
  if (failure?.kind === 'reported') return { frames: [...frames, errorFrame(spelling)], ...ends }
  if (failure?.kind === 'reason') {
    const words = has('reason-malformed-call-with-words') ? { finishMessage: 'Malformed function call: print(x)' } : {}
    frames.push({
      json: { candidates: [{ content: { role: 'model' }, finishReason: word, ...words, index: 0 }], ...about },
    })
    return { frames, ...ends }
  }
  const wholeAt = endsFrom === undefined ? frames.length : Math.max(said, endsFrom)
  chunk([], { reason: word, isLast: true })
  if (counts !== undefined && has('usage-in-its-own-chunk')) frames.push({ json: { usageMetadata: counts, ...about } })
  if (counts !== undefined && has('usage-beside-no-candidates'))
    frames.push({ json: { candidates: [], usageMetadata: counts, ...about } })
  if (has('done-mark-after')) frames.push({ raw: '[DONE]' })
  return { frames, wholeAt, ...ends }
}

function blockedFrame({ has }: Spelling, about: Record<string, unknown>): Frame {
  const promptFeedback = { blockReason: 'PROHIBITED_CONTENT', safetyRatings: [] }
  return {
    json: {
      ...(has('block-reason-and-no-candidates') && { candidates: [] }),
      promptFeedback,
      usageMetadata: { promptTokenCount: 9 },
      ...about,
    },
  }
}

function noiseFrames({ has }: Spelling): Frame[] {
  if (has('keepalive-as-data')) return [{ raw: ': keepalive' }]
  if (has('line-that-is-not-json')) return [{ raw: 'still working' }]
  return has('chunks-without-candidates') ? [{ json: { modelVersion: 'm', responseId: 'R1' } }] : []
}

function errorFrame({ meant: { failure }, has }: Spelling): Frame {
  if (failure === undefined) throw new TypeError('Nothing fails here.')
  const { status: code, message, google: status } = failure.report
  const error = { code, message, status }
  if (has('error-in-a-list')) return { json: [{ error }] }
  if (has('error-event')) return { event: 'error', json: error }
  if (has('error-event-words')) return { event: 'error', raw: message }
  if (has('error-words')) return { json: { error: message } }
  return has('error-flat') ? { json: { code, message, status } } : { json: { error } }
}

/** Gemini's `streamGenerateContent`. @see https://ai.google.dev/api/generate-content (2026-11-20) */
export const gemini: Dialect = {
  id: 'gemini',
  framing: 'sse',
  readers: ['google'],
  range: {
    reasons: ['stop', 'length', 'content-filter', 'other'],
    failures: ['reported', 'reported', 'reported', 'reason', 'blocked-prompt'],
    thoughts: true,
    calls: true,
    documents: true,
    usage: ['cachedTokens', 'reasoningTokens'],
  },
  slots: SLOTS,
  write,
}
