/**
 * What to do about a failure: ask the same again, ask any provider in place of the one that was named, change the question, begin a
 * new chat.
 *
 * @typedef {'retry' | 'any' | 'edit' | 'new'} Remedy
 * @typedef {{ title: string, advice: string, remedies: Remedy[] }} ErrorMessage
 */

/**
 * A title, advice and remedies for each error code; the first remedy that is possible is the best.
 *
 * @type {Readonly<Record<string, ErrorMessage>>}
 */
const MESSAGES = {
  auth: {
    title: 'The credential was rejected',
    advice: 'Set the right key in the environment and start the demo again. Until then another provider can answer.',
    remedies: ['any'],
  },
  quota: {
    title: 'The quota is used up',
    advice: 'The account has no credit left: asking again changes nothing. Another provider can answer.',
    remedies: ['any'],
  },
  'rate-limited': {
    title: 'Too many requests',
    advice: 'The provider wants a pause. Another one can answer meanwhile.',
    remedies: ['any', 'retry'],
  },
  'bad-request': {
    title: 'The question was rejected',
    advice: 'The same question will be rejected again: change it, or its settings.',
    remedies: ['edit', 'any'],
  },
  'context-length': {
    title: 'The conversation is too long',
    advice: 'It does not fit into this model. Shorten the question, or begin a new chat.',
    remedies: ['new', 'edit'],
  },
  'not-found': {
    title: 'No provider serves this model',
    advice: 'Choose another model below.',
    remedies: ['any', 'retry'],
  },
  'content-filter': {
    title: 'Blocked by a content filter',
    advice: 'The provider does not answer this. Ask it in other words.',
    remedies: ['edit'],
  },
  overloaded: {
    title: 'The provider is overloaded',
    advice: 'That mostly passes within minutes. Another provider can answer now.',
    remedies: ['any', 'retry'],
  },
  timeout: {
    title: 'The provider did not answer in time',
    advice: 'It was silent for too long. Another provider can answer now.',
    remedies: ['any', 'retry'],
  },
  network: {
    title: 'The provider cannot be reached',
    advice: 'Its address did not answer. Another provider can answer now.',
    remedies: ['any', 'retry'],
  },
  truncated: {
    title: 'The answer was cut off',
    advice: 'What is above is incomplete. Another provider can answer the question anew.',
    remedies: ['any', 'retry'],
  },
  malformed: {
    title: 'The response was not a valid answer',
    advice:
      'Something other than the provider may have answered, such as a login page. Another provider can answer now.',
    remedies: ['any', 'retry'],
  },
  unsupported: {
    title: 'This provider cannot do that',
    advice: 'Images, tools and some settings are not for every model. Another provider may take them.',
    remedies: ['any', 'edit'],
  },
  exhausted: {
    title: 'No provider answered',
    advice: 'Each was asked, and each failed for the reason above.',
    remedies: ['retry'],
  },
  offline: {
    title: 'The demo is not running',
    advice: 'Start it again in its terminal, then try again. What came before is kept.',
    remedies: ['retry'],
  },
}

/** @type {ErrorMessage} */
const UNKNOWN = { title: 'No answer', advice: 'Something unexpected went wrong.', remedies: ['retry'] }

/**
 * @param {{ code: string, retryAfterMs?: number }} failure
 * @returns {ErrorMessage}
 */
export function errorMessageFor({ code, retryAfterMs }) {
  const message = (Object.hasOwn(MESSAGES, code) && MESSAGES[code]) || UNKNOWN
  if (retryAfterMs === undefined) return message
  return { ...message, advice: `The provider asks to wait ${waitOf(retryAfterMs)}. ${message.advice}` }
}

/** @param {number} ms */
function waitOf(ms) {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
