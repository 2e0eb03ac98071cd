/**
 * Creates an element with attributes and children. Strings become text nodes; HTML is never parsed.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean>} [attributes] `true` sets an empty attribute, `false` none
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...children)
  return made
}

/**
 * The element of the page with this id.
 *
 * @template {HTMLElement} Type
 * @param {string} id
 * @param {new () => Type} type
 * @returns {Type}
 */
export function byId(id, type) {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`The page has no ${type.name} with the id "${id}".`)
}

/**
 * A button with a click handler.
 *
 * @param {string} label
 * @param {() => void} act
 * @param {Record<string, string | boolean>} [attributes]
 */
export function button(label, act, attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, label)
  made.addEventListener('click', act)
  return made
}

/**
 * A button that copies a text and confirms it for a moment.
 *
 * @param {() => string} textOf
 * @param {string} what The copied content, for screen readers
 */
export function copyButton(textOf, what) {
  const made = button('Copy', () => void copy(), { class: 'quiet copy', 'aria-label': `Copy ${what}` })
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(textOf())
      made.textContent = 'Copied'
    } catch {
      made.textContent = 'Not allowed'
    }
    setTimeout(() => {
      made.textContent = 'Copy'
    }, 1600)
  }
  return made
}
