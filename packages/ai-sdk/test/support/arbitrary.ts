import type { LanguageModelV4Content, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider'
import type { AssistantPart, ChatEvent, FinishReason, Usage } from '@rivulet/core'
import fc from 'fast-check'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/)
const count = fc.nat({ max: 1_000_000 })
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })
/** Without fields that are undefined: JSON has none. */
const exactly = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  arbitrary.map((value) => JSON.parse(JSON.stringify(value)) as T)

const input = fc
  .dictionary(token, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
  .map((fields) => JSON.stringify(fields))

/** Parts of ours, each of every kind that it may be. */
const part: fc.Arbitrary<AssistantPart> = exactly<AssistantPart>(
  fc.oneof(
    fc.record({ type: fc.constant('text' as const), text, signature: optional(token) }),
    fc.record({
      type: fc.constant('reasoning' as const),
      text: fc.oneof(text, fc.constant('')),
      signature: optional(token),
      sealed: optional(token),
      id: optional(token),
    }),
    fc.record({ type: fc.constant('tool-call' as const), id: token, name: token, input, signature: optional(token) }),
    fc.record({
      type: fc.constant('tool-call' as const),
      id: token,
      name: token,
      input: text,
      format: fc.constant('text' as const),
    }),
    fc.record({
      type: fc.constant('native' as const),
      dialect: fc.constantFrom('openai-responses', 'anthropic-messages', 'gemini'),
      value: fc.oneof(
        fc.constant({ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }),
        fc.constant({ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' }, thought: true }),
        fc.record({ type: fc.constant('url_citation'), url: fc.webUrl(), title: token }),
        fc.record({ type: fc.constant('mcp_approval_request'), id: token, name: token, arguments: fc.constant('{}') }),
        fc.record({ type: token, value: fc.jsonValue({ maxDepth: 2 }) }),
      ),
    }),
  ),
)

/** An event stream that says a part, in two pieces where it can be cut. */
function eventsOf(each: AssistantPart): ChatEvent[] {
  const half = (whole: string): string[] => [whole.slice(0, whole.length / 2), whole.slice(whole.length / 2)]
  switch (each.type) {
    case 'text': {
      const { signature } = each
      const pieces = half(each.text).map((piece): ChatEvent => ({ type: 'text', text: piece }))
      return [...pieces, ...(signature === undefined ? [] : [{ type: 'text' as const, text: '', signature }])]
    }
    case 'reasoning': {
      const { text: whole, signature: _signature, sealed: _sealed, ...ends } = each
      const pieces = half(whole).map((piece): ChatEvent => ({ ...ends, text: piece }))
      return [...pieces, { ...each, text: '' }]
    }
    case 'tool-call': {
      const { input: whole, ...call } = each
      return [call, ...half(whole).map((piece): ChatEvent => ({ type: 'tool-input', id: call.id, text: piece }))]
    }
    case 'native':
      return [each]
  }
}

const usage: fc.Arbitrary<Usage> = exactly(
  fc
    .record({
      cachedTokens: optional(count),
      cacheWriteTokens: optional(count),
      cacheWrite1hTokens: optional(count),
      reasoningTokens: optional(count),
      cost: optional(
        fc.record({
          usd: fc.double({ min: 0, max: 10, noNaN: true }),
          source: fc.constantFrom('reported' as const, 'computed' as const),
        }),
      ),
      source: fc.constantFrom('reported' as const, 'estimated' as const),
      more: count,
    })
    .map(({ more, ...counts }) => ({
      inputTokens: (counts.cachedTokens ?? 0) + (counts.cacheWriteTokens ?? 0) + more,
      outputTokens: (counts.reasoningTokens ?? 0) + more,
      ...counts,
    })),
)

const reasons: readonly FinishReason[] = ['stop', 'length', 'tool-calls', 'content-filter', 'other']

/** Whole answers, as events. */
export const answers: fc.Arbitrary<ChatEvent[]> = fc
  .record({
    parts: fc.uniqueArray(part, { selector: (each) => ('id' in each ? each.id : each), maxLength: 6 }),
    id: optional(token),
    dropped: optional(fc.array(text, { minLength: 1, maxLength: 2 })),
    reason: fc.constantFrom(...reasons),
    usage: optional(usage),
    skipped: optional(fc.integer({ min: 1, max: 9 })),
  })
  .map(({ parts, id, dropped, reason, usage: used, skipped }): ChatEvent[] => [
    { type: 'start', provider: 'river', model: 'm', ...(id !== undefined && { id }), ...(dropped && { dropped }) },
    ...parts.flatMap(eventsOf),
    { type: 'finish', reason, ...(used && { usage: used }), ...(skipped !== undefined && { skipped }) },
  ])

const providerMetadata = fc.record({ vendor: fc.record({ itemId: token }) })
const data = fc.constant({ type: 'data' as const, data: 'iVBORw0KGgo=' })
const file = { mediaType: fc.constant('image/png'), data }

/** Content of theirs, by type, so that none is missing. */
const CONTENT: Record<LanguageModelV4Content['type'], fc.Arbitrary<object>> = {
  // Metadata keeps two texts apart, which are one without.
  text: fc.record({ text, providerMetadata }),
  reasoning: fc.record({ text, providerMetadata }),
  custom: fc.record({ kind: token.map((name) => `vendor.${name}`), providerMetadata: optional(providerMetadata) }),
  file: fc.record({ ...file, providerMetadata: optional(providerMetadata) }),
  'reasoning-file': fc.record({ ...file, providerMetadata: optional(providerMetadata) }),
  source: fc.record({
    sourceType: fc.constant('url'),
    id: token,
    url: fc.webUrl(),
    title: optional(text),
    providerMetadata: optional(providerMetadata),
  }),
  'tool-call': fc.record({
    toolCallId: token,
    toolName: token,
    input,
    providerExecuted: optional(fc.constant(true)),
    dynamic: optional(fc.boolean()),
    providerMetadata: optional(providerMetadata),
  }),
  'tool-result': fc.record({
    toolCallId: token,
    toolName: token,
    result: fc.dictionary(token, text),
    isError: optional(fc.boolean()),
    providerMetadata: optional(providerMetadata),
  }),
  'tool-approval-request': fc.record({
    approvalId: token,
    toolCallId: token,
    providerMetadata: optional(providerMetadata),
  }),
}

const content: fc.Arbitrary<LanguageModelV4Content> = exactly(
  fc.oneof(...Object.entries(CONTENT).map(([type, fields]) => fields.map((each) => ({ type, ...each })))),
) as fc.Arbitrary<LanguageModelV4Content>

const noUsage: LanguageModelV4Usage = {
  inputTokens: { total: 1, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: undefined, reasoning: undefined },
}

/** The stream parts that say this content; a call with its input in pieces, or whole. */
function streamOf(whole: readonly LanguageModelV4Content[], inPieces: boolean): LanguageModelV4StreamPart[] {
  const parts = whole.flatMap((each, index): LanguageModelV4StreamPart[] => {
    if (each.type === 'text' || each.type === 'reasoning') {
      const { type, text: delta, ...ends } = each
      const id = String(index)
      return [
        { type: `${type}-start`, id },
        { type: `${type}-delta`, id, delta },
        { type: `${type}-end`, id, ...ends },
      ]
    }
    if (each.type !== 'tool-call' || each.providerExecuted === true || !inPieces) return [each]
    const { toolCallId: id, toolName, input: delta } = each
    return [
      { type: 'tool-input-start', id, toolName },
      { type: 'tool-input-delta', id, delta },
      { type: 'tool-input-end', id },
      each,
    ]
  })
  return [
    { type: 'stream-start', warnings: [] },
    ...parts,
    { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: noUsage },
  ]
}

/** Whole answers of theirs: as content, and as the stream parts that say the same. */
export const contents = fc
  .record({
    whole: fc.uniqueArray(content, {
      selector: (each) => ('toolCallId' in each ? each.toolCallId : each),
      maxLength: 6,
    }),
    inPieces: fc.boolean(),
  })
  .map(({ whole, inPieces }) => ({ content: whole, parts: streamOf(whole, inPieces) }))
