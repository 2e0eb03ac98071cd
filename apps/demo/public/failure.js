import { element } from './elements.js'
import { errorMessageFor } from './error-messages.js'

/**
 * Tells of a failure: what happened, in which attempts, and what to do.
 *
 * @param {import('./conversation/conversation.js').Failure} failure
 * @param {{ tools: HTMLElement, nameOf: (id: string) => string }} page
 */
export function failureBox(failure, { tools, nameOf }) {
  const { title, advice } = errorMessageFor(failure)
  const { attempts = [], message } = failure
  const details =
    attempts.length === 0
      ? element('p', { class: 'details', dir: 'auto' }, message)
      : element(
          'ul',
          { class: 'details' },
          ...attempts.map(({ provider = '', message: words }) =>
            element('li', {}, element('b', {}, nameOf(provider)), ` ${withoutName(words, provider)}`),
          ),
        )
  return element(
    'div',
    { class: 'failure', role: 'alert' },
    element('h2', {}, title),
    details,
    element('p', {}, advice),
    tools,
  )
}

/**
 * A message without the provider that it begins with.
 *
 * @param {string} message
 * @param {string} provider
 */
const withoutName = (message, provider) =>
  message.startsWith(`${provider}: `) ? message.slice(provider.length + 2) : message
