import { button, copyButton, element } from './elements.js'
import { BlockStream } from './blocks.js'
import { Meter } from './meter.js'
import { patch } from './prose.js'
import { troubleOf } from './trouble.js'

/**
 * @typedef {import('./api.js').ChatEvent} ChatEvent
 * @typedef {import('./api.js').Trouble} Trouble
 */

/** One answer on the page, from waiting for it to its last word. */
export class Answer {
  root = element('article', { class: 'answer', 'aria-label': 'Answer', 'aria-live': 'polite', 'aria-busy': 'true' })
  text = ''
  #prose = element('div', { class: 'prose', dir: 'auto' })
  #waiting = element('p', { class: 'waiting' }, 'Waiting for the first word')
  #reasoning = element('details', { class: 'reasoning', hidden: true }, element('summary', {}, 'Reasoning'))
  #thoughts = element('div', { class: 'thoughts', dir: 'auto' })
  #foot = element('footer', { class: 'foot' })
  #blocks = new BlockStream()
  #meter = new Meter()
  #who = ''
  /** @type {import('./api.js').Usage | undefined} */
  #usage
  #frame = 0
  #onGrown
  #nameOf

  /** @param {{ onGrown: () => void, nameOf: (provider: string) => string }} page */
  constructor({ onGrown, nameOf }) {
    this.#onGrown = onGrown
    this.#nameOf = nameOf
    this.#reasoning.append(this.#thoughts)
    this.root.append(this.#waiting, this.#reasoning, this.#prose, this.#foot)
  }

  /** @param {ChatEvent} event */
  add(event) {
    switch (event.type) {
      case 'start':
        this.#who = `${this.#nameOf(event.provider)} · ${event.model}`
        break
      case 'text':
        this.#meter.add(event.text)
        this.text += event.text
        this.#blocks.push(event.text)
        break
      case 'reasoning':
        this.#meter.add(event.text)
        this.#reasoning.hidden = false
        this.#thoughts.append(event.text)
        break
      case 'restart':
        this.text = ''
        this.#blocks = new BlockStream()
        this.#thoughts.replaceChildren()
        this.#prose.before(
          element('p', { class: 'notice' }, `${this.#nameOf(event.from)} broke off. The answer begins anew.`),
        )
        break
      case 'resume':
        this.#prose.before(element('p', { class: 'notice' }, `${this.#nameOf(event.from)} broke off. Another goes on.`))
        break
      case 'finish':
        this.#usage = event.usage
        break
      // The events only grow: what is not known is passed over.
    }
    this.#frame ||= requestAnimationFrame(() => {
      this.#draw(true)
    })
  }

  /**
   * The answer is whole, or nothing more comes of it.
   *
   * @param {{ trouble?: Trouble, stopped?: boolean, actions: { label: string, act: () => void }[] }} ending
   */
  end({ trouble, stopped, actions }) {
    cancelAnimationFrame(this.#frame)
    this.#meter.end()
    this.#draw(false)
    this.#waiting.remove()
    this.root.setAttribute('aria-busy', 'false')
    this.root.classList.add(trouble ? 'failed' : 'ended')
    const tools = element(
      'span',
      { class: 'tools' },
      ...actions.map(({ label, act }) => button(label, act, { class: 'quiet again' })),
    )
    if (trouble) this.#foot.before(troubled(trouble, tools))
    else {
      if (this.text !== '') tools.prepend(copyButton(() => this.text, 'the answer'))
      if (stopped) this.#foot.before(element('p', { class: 'notice' }, 'Stopped.'))
      this.#foot.append(tools)
    }
    this.#onGrown()
  }

  /** @param {boolean} open whether more may come */
  #draw(open) {
    this.#frame = 0
    const hasText = this.text !== ''
    if (hasText) this.#waiting.remove()
    patch(this.#prose, this.#blocks.read(), open)
    const facts = [this.#who, ...this.#meter.words(this.#usage)].filter((fact) => fact !== '')
    const line = element('span', { class: 'facts' }, facts.join(' · '))
    const old = this.#foot.querySelector('.facts')
    if (!old) this.#foot.prepend(line)
    else if (old.textContent !== line.textContent) old.replaceWith(line)
    this.#onGrown()
  }
}

/**
 * @param {Trouble} trouble
 * @param {HTMLElement} tools
 */
function troubled({ code, message }, tools) {
  const { title, advice } = troubleOf(code)
  return element(
    'div',
    { class: 'trouble', role: 'alert' },
    element('h2', {}, title),
    element('p', { class: 'words', dir: 'auto' }, message),
    element('p', {}, advice),
    tools,
  )
}
