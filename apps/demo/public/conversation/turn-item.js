import { button, element } from '../elements.js'

/**
 * A turn of the conversation with its question; its answers are added.
 *
 * @param {import('./conversation.js').Turn} turn
 * @param {{ edit: () => void }} actions
 */
export function turnItem({ question: { text, images } }, { edit }) {
  const pictures = images.map((url, index) => element('img', { src: url, alt: `image ${index + 1} of the question` }))
  return element(
    'li',
    { class: 'turn' },
    element(
      'div',
      { class: 'asked' },
      ...(pictures.length > 0 ? [element('div', { class: 'pictures' }, ...pictures)] : []),
      ...(text === '' ? [] : [element('p', { class: 'question', dir: 'auto' }, text)]),
      // Only the last question can be edited: later turns build on the others.
      button('Edit', edit, { class: 'quiet edit', 'aria-label': 'Edit the question' }),
    ),
  )
}
