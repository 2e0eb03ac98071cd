import type { Provider, ProviderOptions, Usage, ToolCallPart } from '@rivulet/core'
import { type FixtureFile, withoutLines } from './fixtures-in.ts'
import type { AnswerFixture, ErrorFixture } from './fixtures.ts'
import type { Subject } from './law.ts'
import { chatVariants } from './variants/chat.ts'
import { openaiEmbeddings } from './variants/embeddings.ts'

/** The facts in which one provider of the chat-completions dialect differs from another. */
export interface ChatSubjectOptions {
  /** For people: `'Acme'`. */
  name: string
  /** The provider's own factory. It is given the key `'a-secret-key'`. */
  factory: (options: ProviderOptions & { apiKey: string }) => Provider
  /** Reads the provider's fixtures: see {@link chatSubject} for their names. */
  fixture: (name: string) => FixtureFile
  /** The id of the model that is asked. */
  model: string
  /** What its answers report; `'absent'` when they report nothing. */
  usage: Usage | 'absent'
  /** The same for the files that report something else. @default none do */
  usageIn?: Readonly<Record<string, Usage | 'absent'>> | undefined
  /** The ids of the two tool calls. */
  toolIds: readonly [string, string]
  /** The files whose answers carry the reasoning `Rivers run.` @default none */
  reasoningIn?: readonly string[] | undefined
  /** Whether `tool-calls.sse` has arguments on lines of their own: without these lines, it is a call that breaks off. @default false */
  argumentsInParts?: boolean | undefined
  /** The text of `refusal.sse`, where a refusal is an answer with text. @default none */
  refusal?: string | undefined
  /** The error in place of the first content. */
  errorFirst: ErrorFixture
}

const KEY = 'a-secret-key'
const TEXT = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const STOP = '"finish_reason":"stop"'

/**
 * A provider of the chat-completions dialect under the laws. Its fixtures say the same in the provider's own bytes:
 * `text.sse`, `document.json`, `reasoning.sse`, `tool-calls.sse`, `document-tool-calls.json`, `empty.sse`,
 * `structured.sse` and `error-mid-stream.sse`, which means `overloaded`. What else an endpoint of this dialect sends is made
 * from `text.sse` and `document.json`: see {@link chatVariants}.
 *
 * @example
 * const fixture = fixturesIn(new URL('fixtures/', import.meta.url))
 * const subject = chatSubject({
 *   name: 'Acme',
 *   factory: acme,
 *   fixture,
 *   model: 'acme-1',
 *   usage: { inputTokens: 17, outputTokens: 42, source: 'reported' },
 *   toolIds: ['call_1', 'call_2'],
 *   errorFirst: { ...fixture('error-first.json'), code: 'quota' },
 * })
 */
export function chatSubject(options: ChatSubjectOptions): Subject {
  const { name, factory, fixture, model, toolIds, reasoningIn = [], argumentsInParts = false, refusal } = options
  const [weather, time] = toolIds
  const toolCalls: readonly ToolCallPart[] = [
    { type: 'tool-call', id: weather, name: 'get_weather', input: '{"city":"Åre"}' },
    { type: 'tool-call', id: time, name: 'get_time', input: '{}' },
  ]
  const answer = (file: string, meaning: Partial<AnswerFixture>): AnswerFixture => ({
    ...fixture(file),
    ...(reasoningIn.includes(file) && { reasoning: 'Rivers run.' }),
    usage: options.usageIn?.[file] ?? options.usage,
    endMark: STOP,
    ...meaning,
  })
  const text = answer('text.sse', { text: TEXT })
  const onePiece = answer('document.json', { text: TEXT, endMark: true })
  return {
    name,
    provider: (common) => factory({ apiKey: KEY, ...common }),
    secrets: [KEY],
    request: { model, messages: [{ role: 'user', content: 'Rivers?' }] },
    answers: {
      ...chatVariants(text, onePiece),
      text,
      onePiece,
      ...(reasoningIn.includes('reasoning.sse') && { reasoning: answer('reasoning.sse', { text: TEXT }) }),
      onePieceToolCalls: { ...fixture('document-tool-calls.json'), toolCalls, endMark: true },
      toolCall: answer('tool-calls.sse', { toolCalls, endMark: '"finish_reason":"tool_calls"' }),
      ...(argumentsInParts && {
        cutToolCall: withoutLines(fixture('tool-calls.sse'), 'Åre', '"tool_calls":[{"index":1'),
      }),
      empty: { ...fixture('empty.sse'), endMark: STOP },
      more: {
        'structured output': answer('structured.sse', { text: '{"rivers":["Po","Ob"]}' }),
        ...(refusal !== undefined && { 'a refusal': { ...fixture('refusal.sse'), text: refusal, endMark: STOP } }),
      },
      errorFirst: options.errorFirst,
      errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
      embeddings: openaiEmbeddings(model),
    },
  }
}
