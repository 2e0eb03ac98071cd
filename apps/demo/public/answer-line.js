/**
 * The line under an answer: who gave it, after which attempts, how fast, and what it took.
 *
 * @typedef {import('../src/watch/answer-report.ts').AnswerReport} AnswerReport
 * @typedef {import('../src/watch/answer-report.ts').AttemptLine} AttemptLine
 * @typedef {(provider: string) => { name: string, simulated: boolean }} ProviderOf
 */

/** What a failure is called in a few words, where there is no HTTP status to name it. @type {Record<string, string>} */
const WORDS = {
  auth: 'key refused',
  quota: 'quota used up',
  'rate-limited': 'too many requests',
  'bad-request': 'question refused',
  'context-length': 'conversation too long',
  'not-found': 'no such model',
  'content-filter': 'blocked',
  overloaded: 'overloaded',
  timeout: 'silent for too long',
  network: 'connection lost',
  truncated: 'cut off',
  malformed: 'not an answer',
  unsupported: 'cannot do that',
}

/** A name for an answer, for `/api/chat?answer=…`: its report has it too. */
export const newAnswerId = () => crypto.randomUUID()

/**
 * What is known of an answer, in the order in which it is read. What is not known is left out.
 *
 * @param {AnswerReport} report
 * @param {ProviderOf} providerOf
 * @returns {string[]}
 * @example answerFacts(report, providerOf).join(' · ') // 'Lockchat 401 → Liaobots · gpt-4 · first token 0.31 s · 58 tokens/s'
 */
export function answerFacts(report, providerOf) {
  const { model, firstTokenMs, tokensPerSecond, state } = report
  const facts = [
    path(report, providerOf),
    model,
    firstTokenMs === undefined ? undefined : `first token ${seconds(firstTokenMs)}`,
    tokensPerSecond === undefined ? undefined : `${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`,
    ...(state === 'running' ? [] : spent(report, providerOf)),
  ]
  return facts.flatMap((fact) => (fact === undefined || fact === '' ? [] : [fact]))
}

/**
 * What went wrong with an attempt: `'401'`, `'cut off after 24 tokens'`, `'slow'`. Empty for one that answered.
 *
 * @param {AttemptLine} attempt
 */
export function reasonOf({ outcome, code = 'malformed', status, pieces = 0 }) {
  if (outcome === 'skipped') return 'circuit open'
  if (outcome === 'superseded') return 'slow'
  if (outcome !== 'failed') return ''
  const what = status === undefined ? (WORDS[code] ?? 'failed') : String(status)
  return pieces === 0 ? what : `${what} after ${count(pieces, 'token')}`
}

/** @param {AnswerReport} report @param {ProviderOf} providerOf */
function path({ attempts, provider, state }, providerOf) {
  const left = attempts
    .map((attempt) => ({ name: providerOf(attempt.provider).name, reason: reasonOf(attempt) }))
    .filter(({ reason }) => reason !== '')
    .map(({ name, reason }) => `${name} ${reason}`)
  // While a first content is waited for, the next provider is not known.
  if (state === 'failed' || provider === undefined) return left.join(' → ')
  const { name, simulated } = providerOf(provider)
  return [...left, simulated ? `${name} (simulated)` : name].join(' → ')
}

/** @param {AnswerReport} report @param {ProviderOf} providerOf */
function spent({ usage, usd, provider = '' }, providerOf) {
  if (!usage) return []
  const about = usage.source === 'estimated' ? 'about ' : ''
  const { cachedTokens = 0, reasoningTokens = 0 } = usage
  const of = (/** @type {number} */ part, /** @type {string} */ kind) =>
    part > 0 ? ` (${part.toLocaleString('en')} ${kind})` : ''
  const tokens =
    `${about}${count(usage.outputTokens, 'token')} out${of(reasoningTokens, 'reasoning')}, ` +
    `${usage.inputTokens.toLocaleString('en')} in${of(cachedTokens, 'cached')}`
  if (usd === undefined) return [tokens]
  // The simulator charges nothing; the price is that of the real endpoint.
  return [tokens, providerOf(provider).simulated ? `would cost ${dollars(usd)}` : dollars(usd)]
}

/** @param {number} amount @param {string} unit */
export const count = (amount, unit) => `${amount.toLocaleString('en')} ${unit}${amount === 1 ? '' : 's'}`

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`

/**
 * With two digits that say something: most answers cost less than a cent.
 *
 * @param {number} usd
 */
function dollars(usd) {
  return usd === 0 ? '$0' : `$${usd.toFixed(Math.max(2, 1 - Math.floor(Math.log10(usd))))}`
}
