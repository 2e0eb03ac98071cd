import type { FinishReason } from '../chat.ts'
import type { ErrorCode } from '../error-codes.ts'
import { ChatError } from '../errors.ts'

/** Names in lower case, with letters and digits only. */
const REASONS: readonly (readonly [pattern: RegExp, reason: FinishReason])[] = [
  // Text Generation Inference: `eos_token`; Cohere: `COMPLETE`.
  [/^(stop(sequence)?|endturn|eos(token)?|completed?|end|finish(ed)?|done)$/, 'stop'],
  // Mistral: `model_length`; Anthropic: `model_context_window_exceeded`; Gemini: `CONTINUATION`.
  [
    /^((max|model)?length|max(output|completion|new)?tokens|tokenlimit|(model)?contextwindowexceeded|contextlength(exceeded)?|continuation)$/,
    'length',
  ],
  [/^(tool(calls?|use)|functioncalls?)$/, 'tool-calls'],
  // z.ai: `sensitive`; Anthropic: `refusal`; Bedrock: `guardrail_intervened`; the others are Gemini's.
  [
    /^(contentfilter(ed)?|blocked|sensitive|refusal|moderation|guardrailintervened|blocklist|spii|modelarmor|(image)?(safety|recitation|prohibitedcontent))$/,
    'content-filter',
  ],
]

/** What servers write that always send a string. */
const NO_REASON = /^(null|none|undefined|finishreasonunspecified|)$/

/** The endpoint failed, and the content so far is not the answer. The first match decides the code. */
const FAILURES: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  // The model failed at a call. Gemini: `MALFORMED_FUNCTION_CALL`, `UNEXPECTED_TOOL_CALL`; Groq: `tool_use_failed`.
  [
    /^malformed|^missingthoughtsignature$|(malformed|unexpected|invalid|toomany)(function|tool)calls?$|tool(use|call)failed$/,
    'malformed',
  ],
  // z.ai: `network_error`; vLLM: `abort`; OpenRouter: `error`; DeepSeek: `insufficient_system_resource`.
  [
    /(error|exception|abort(ed)?|failed|failure|timeout|overloaded|interrupted|disconnect(ed)?|preempted|^insufficientsystemresource|^cancell?ed)$/,
    'overloaded',
  ],
]

/**
 * What the finish reason of any dialect means, without regard to case, to other signs than letters and digits, and to what
 * follows a colon. A reason that is not known is `other`.
 *
 * @param received `undefined` is returned for anything but a string, and for the words of servers that have no reason yet.
 * @param explanation What the endpoint says about the reason, for the message of a failure. @default nothing
 * @throws ChatError `overloaded` or `malformed` for a reason that says that the endpoint failed.
 * @example
 * readFinishReason('MAX_TOKENS') // 'length'
 */
export function readFinishReason(received: unknown, explanation?: unknown): FinishReason | undefined {
  if (typeof received !== 'string') return undefined
  if (received.length > MAX_CHARACTERS) return 'other'
  const name = nameOf(received.split(':', 1)[0] ?? '')
  if (NO_REASON.test(name)) return undefined
  const known = REASONS.find(([pattern]) => pattern.test(name))
  if (known !== undefined) return known[1]
  // Google's endpoint of chat completions puts the failure after a colon.
  const whole = nameOf(received)
  const failure = FAILURES.find(([pattern]) => pattern.test(name) || pattern.test(whole))
  if (failure === undefined) return 'other'
  const why = typeof explanation === 'string' && explanation !== '' ? `: ${explanation}` : ''
  throw new ChatError(failure[1], `the endpoint ended the answer with "${received}"${why}`)
}

/** Longer than any reason. */
const MAX_CHARACTERS = 200

const nameOf = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
