/**
 * What happened, and what to do about it.
 *
 * @type {Record<string, { title: string, advice: string }>}
 */
const KNOWN = {
  auth: { title: 'Its credential was refused', advice: 'Set it in the environment and start the demo again.' },
  quota: { title: 'Its account is used up', advice: 'Ask another provider.' },
  'rate-limited': { title: 'Too many requests', advice: 'Wait a little, then try again.' },
  'bad-request': { title: 'The question was refused', advice: 'Change the question, or ask another provider.' },
  'context-length': { title: 'The conversation is too long', advice: 'Begin a new chat, or ask for less at once.' },
  'too-large': { title: 'The conversation is too long', advice: 'Begin a new chat.' },
  'not-found': { title: 'Nobody serves this model', advice: 'Choose another model or provider below.' },
  'content-filter': { title: 'Refused for its content', advice: 'Put the question in other words.' },
  overloaded: { title: 'The provider is overloaded', advice: 'Try again, or ask another provider.' },
  timeout: { title: 'No answer in time', advice: 'Try again, or ask another provider.' },
  network: { title: 'The provider cannot be reached', advice: 'Try again, or ask another provider.' },
  truncated: { title: 'The answer broke off', advice: 'What stands above is not whole. Try again.' },
  malformed: { title: 'What came was no answer', advice: 'Try again, or ask another provider.' },
  unsupported: { title: 'This provider cannot do that', advice: 'Ask another provider.' },
  exhausted: { title: 'No provider answered', advice: 'Each was asked once. Try again in a while.' },
  offline: { title: 'The demo is not running', advice: 'Start it again in its terminal, then try again.' },
}

/** @param {string} code */
export function troubleOf(code) {
  return Object.hasOwn(KNOWN, code) && KNOWN[code] ? KNOWN[code] : { title: 'No answer', advice: 'Try again.' }
}
