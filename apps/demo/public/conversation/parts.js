import { element } from '../elements.js'

/** What a model thought, out of the way. */
export class Reasoning {
  #text = element('div', { class: 'reasoning-text', dir: 'auto' })
  root = element('details', { class: 'reasoning' }, element('summary', {}, 'Reasoning'), this.#text)
  #pending = ''

  /** @param {string} text */
  push(text) {
    this.#pending += text
  }

  /** @returns {boolean} whether all of it is drawn */
  draw() {
    if (this.#pending !== '') this.#text.append(this.#pending)
    this.#pending = ''
    return true
  }
}

/** A call of a tool: its name, its input as it comes, its result. */
export class Call {
  #state = element('span', {}, 'is called')
  #input = element('pre', { class: 'call-input', tabindex: '0', role: 'region', 'aria-label': 'Input' })
  #output = element('pre', {
    class: 'call-output',
    hidden: true,
    tabindex: '0',
    role: 'region',
    'aria-label': 'Result',
  })
  root
  #pending = ''

  /** @param {string} name */
  constructor(name) {
    const head = element('p', { class: 'call-name' }, element('code', {}, name), ' ', this.#state)
    this.root = element('section', { class: 'call', 'aria-label': `Tool ${name}` }, head, this.#input, this.#output)
  }

  /** @param {string} text */
  push(text) {
    this.#pending += text
  }

  /** @returns {boolean} whether all of it is drawn */
  draw() {
    if (this.#pending !== '') this.#input.append(this.#pending)
    this.#pending = ''
    return true
  }

  /** @param {{ content: string | readonly { type: string }[], isError: boolean }} result */
  end({ content, isError }) {
    this.draw()
    this.#state.textContent = isError ? 'failed' : 'answered'
    this.root.classList.toggle('call-failed', isError)
    this.#output.hidden = false
    this.#output.textContent = typeof content === 'string' ? content : JSON.stringify(content, null, 2)
  }
}
