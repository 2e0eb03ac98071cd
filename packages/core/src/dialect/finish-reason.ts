import type { FinishReason } from '../chat.ts'
import type { ErrorCode } from '../error-codes.ts'
import { ChatError } from '../errors.ts'

/** Names in lower case, with letters and digits only. */
const REASONS: Readonly<Record<Exclude<FinishReason, 'other'>, readonly string[]>> = {
  // Text Generation Inference: `eos_token`; Cohere: `COMPLETE`.
  stop: [
    'stop',
    'endturn',
    'stopsequence',
    'eos',
    'eostoken',
    'complete',
    'completed',
    'end',
    'finish',
    'finished',
    'done',
  ],
  // Mistral: `model_length`; Anthropic: `model_context_window_exceeded`; Gemini: `CONTINUATION`.
  length: [
    'length',
    'maxlength',
    'maxtokens',
    'maxoutputtokens',
    'maxcompletiontokens',
    'maxnewtokens',
    'tokenlimit',
    'modellength',
    'modelcontextwindowexceeded',
    'contextwindowexceeded',
    'contextlength',
    'contextlengthexceeded',
    'continuation',
  ],
  'tool-calls': ['toolcalls', 'toolcall', 'tooluse', 'functioncall', 'functioncalls'],
  // z.ai: `sensitive`; Anthropic: `refusal`; Bedrock: `guardrail_intervened`; the others are Gemini's.
  'content-filter': [
    'contentfilter',
    'contentfiltered',
    'blocked',
    'sensitive',
    'refusal',
    'moderation',
    'guardrailintervened',
    'safety',
    'recitation',
    'blocklist',
    'prohibitedcontent',
    'spii',
    'modelarmor',
    'imagesafety',
    'imageprohibitedcontent',
    'imagerecitation',
  ],
}

/** What servers write that always send a string. */
const NO_REASON: ReadonlySet<string> = new Set(['', 'null', 'none', 'undefined', 'finishreasonunspecified'])

/** The endpoint failed, and the content so far is not the answer. The first match decides the code. */
const FAILURES: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  // The model failed at a call. Gemini: `MALFORMED_FUNCTION_CALL`, `UNEXPECTED_TOOL_CALL`; Groq: `tool_use_failed`.
  [
    /^malformed|^missingthoughtsignature$|(malformed|unexpected|invalid|toomany)(function|tool)calls?$|(tooluse|toolcall)failed$/,
    'malformed',
  ],
  // z.ai: `network_error`; vLLM: `abort`; OpenRouter: `error`; DeepSeek: `insufficient_system_resource`.
  [
    /(error|exception|abort|aborted|failed|failure|timeout|overloaded|interrupted|disconnect|disconnected|preempted)$/,
    'overloaded',
  ],
  [/^insufficientsystemresource$|^cancell?ed$/, 'overloaded'],
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
  if (NO_REASON.has(name)) return undefined
  const reason = NAMED.get(name)
  if (reason !== undefined) return reason
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

const NAMED: ReadonlyMap<string, FinishReason> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(REASONS).flatMap(([reason, names]) =>
    names.map((name) => [name, reason as FinishReason] as const),
  ),
)
