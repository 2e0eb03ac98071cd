/**
 * A title and advice for each error code.
 *
 * @type {Record<string, { title: string, advice: string }>}
 */
const MESSAGES = {
  auth: { title: 'The credential was rejected', advice: 'Set it in the environment and start the demo again.' },
  quota: { title: 'The quota is used up', advice: 'Choose another provider.' },
  'rate-limited': { title: 'Too many requests', advice: 'Wait a little, then try again.' },
  'bad-request': { title: 'The question was rejected', advice: 'Change the question, or choose another provider.' },
  'context-length': { title: 'The conversation is too long', advice: 'Start a new chat, or shorten the question.' },
  'too-large': { title: 'The conversation is too long', advice: 'Start a new chat.' },
  'not-found': { title: 'No provider serves this model', advice: 'Choose another model or provider below.' },
  'content-filter': { title: 'Blocked by a content filter', advice: 'Rephrase the question.' },
  overloaded: { title: 'The provider is overloaded', advice: 'Try again, or choose another provider.' },
  timeout: { title: 'The provider did not answer in time', advice: 'Try again, or choose another provider.' },
  network: { title: 'The provider cannot be reached', advice: 'Try again, or choose another provider.' },
  truncated: { title: 'The answer was cut off', advice: 'The text above is incomplete. Try again.' },
  malformed: { title: 'The response was not a valid answer', advice: 'Try again, or choose another provider.' },
  unsupported: { title: 'This provider cannot do that', advice: 'Choose another provider.' },
  exhausted: { title: 'No provider answered', advice: 'Each was tried once. Try again later.' },
  offline: { title: 'The demo is not running', advice: 'Start it again in its terminal, then try again.' },
}

/** @param {string} code */
export function errorMessageFor(code) {
  return Object.hasOwn(MESSAGES, code) && MESSAGES[code] ? MESSAGES[code] : { title: 'No answer', advice: 'Try again.' }
}
