import { count, reasonOf, seconds } from '../answer-line.js'

/**
 * What happens on the river, in words.
 *
 * @typedef {import('./feed.js').Moment} Moment
 * @typedef {import('./feed.js').ProviderState} ProviderState
 * @typedef {(id: string) => string} NameOf
 */

/** @type {Record<string, string>} */
const BROKE = {
  truncated: 'broke off',
  network: 'lost the connection',
  timeout: 'fell silent',
  malformed: 'sent something that is not an answer',
  'rate-limited': 'asks to wait',
  auth: 'refused the key',
  overloaded: 'failed',
}

/**
 * @param {Moment} moment
 * @param {NameOf} nameOf
 */
export function sentenceOf(moment, nameOf) {
  switch (moment.kind) {
    case 'broke': {
      const { from, code, status, pieces } = moment
      const what = BROKE[code] ?? 'failed'
      if (pieces > 0) return `${nameOf(from)} ${what} after ${count(pieces, 'token')}.`
      return `${nameOf(from)} ${what}${status === undefined ? '' : ` (${status})`}.`
    }
    case 'switched': {
      const { from, to, ms, pieces } = moment
      const cost = pieces === 0 ? 'Nothing was lost' : `${count(pieces, 'token')} came twice`
      return `${nameOf(to)} took over from ${nameOf(from)} ${seconds(ms)} later. ${cost}.`
    }
    case 'overtaken':
      return `${nameOf(moment.from)} was silent for ${seconds(moment.ms)}. ${nameOf(moment.to)} was asked as well, and was quicker.`
    case 'down':
      return moment.attempts === 1
        ? 'The provider gave no whole answer, and the page says so.'
        : `None of ${count(moment.attempts, 'provider')} gave a whole answer, and the page says so.`
  }
}

/** The same in the few words that fit beside a line. @param {Moment} moment */
export function labelOf(moment) {
  switch (moment.kind) {
    case 'broke':
      return reasonOf({ provider: moment.from, outcome: 'failed', startedMs: 0, totalMs: 0, ...moment })
    case 'switched':
      return moment.pieces === 0
        ? `+${seconds(moment.ms)}`
        : `+${seconds(moment.ms)}, ${count(moment.pieces, 'token')} twice`
    case 'overtaken':
      return `overtaken after ${seconds(moment.ms)}`
    case 'down':
      return 'no provider left'
  }
}

/**
 * The state of a provider in a few words; `passedMs` is how long it has been known.
 *
 * @param {ProviderState} provider
 * @param {number} passedMs
 */
export function stateOf({ health, nextProbeMs = 0, lastFailure }, passedMs) {
  if (health === 'open') {
    const left = Math.ceil((nextProbeMs - passedMs) / 1000)
    return left > 0 ? `circuit open; next probe in ${duration(left)}` : 'circuit open; the next question probes'
  }
  return health === 'shaky' && lastFailure ? `failed lately: ${lastFailure.code}` : 'well'
}

/**
 * The state of a provider in the two words that fit beside its name; nothing for one that rests and is well.
 *
 * @param {ProviderState} provider
 * @param {{ rate: number, passedMs: number, isMixed: boolean }} now `rate`: tokens per second. `isMixed`: there are real providers
 *   and simulated ones
 */
export function briefStateOf({ running, health, nextProbeMs = 0, simulated }, { rate, passedMs, isMixed }) {
  if (Math.round(rate) > 0) return `${Math.round(rate)} tokens/s`
  if (running > 0) return 'asked'
  if (health !== 'open') return isMixed && simulated ? 'simulated' : ''
  const left = Math.ceil((nextProbeMs - passedMs) / 1000)
  return left > 0 ? `probe in ${duration(left)}` : 'probed next'
}

/** @param {number} s */
const duration = (s) => (s < 120 ? `${s} s` : `${Math.round(s / 60)} min`)
