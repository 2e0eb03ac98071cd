import { answerFacts } from './answer-line.js'
import { button, copyButton, element } from './elements.js'
import { Meter } from './meter.js'
import { BlockStream } from './prose/block-stream.js'
import { patch } from './prose/draw.js'
import { errorMessageFor } from './error-messages.js'

/**
 * @typedef {import('./api.js').ChatEvent} ChatEvent
 * @typedef {import('./api.js').AnswerError} AnswerError
 */

/** How many characters are drawn in one frame. */
const PER_FRAME = 4_096

/** The view of one answer, from waiting to its end. */
export class Answer {
  root = element('article', { class: 'answer', 'aria-label': 'Answer', 'aria-live': 'polite', 'aria-busy': 'true' })
  text = ''
  #prose = element('div', { class: 'prose', dir: 'auto' })
  #waiting = element('p', { class: 'waiting' }, 'Waiting for the first word')
  #reasoning = element('details', { class: 'reasoning', hidden: true }, element('summary', {}, 'Reasoning'))
  #reasoningText = element('div', { class: 'reasoning-text', dir: 'auto' })
  #foot = element('footer', { class: 'foot' })
  #blocks = new BlockStream()
  #meter = new Meter()
  #source = ''
  /** @type {import('./api.js').Usage | undefined} */
  #usage
  #frame = 0
  /** Drawing has failed: the text is shown as it is. */
  #isPlain = false
  /** @type {import('./answer-line.js').AnswerReport | undefined} */
  #report
  #onGrow
  #nameOf
  #providerOf

  /** @param {{ onGrow: () => void, nameOf: (provider: string) => string, providerOf: import('./answer-line.js').ProviderOf }} page */
  constructor({ onGrow, nameOf, providerOf }) {
    this.#onGrow = onGrow
    this.#nameOf = nameOf
    this.#providerOf = providerOf
    this.#reasoning.append(this.#reasoningText)
    this.root.append(this.#waiting, this.#reasoning, this.#prose, this.#foot)
  }

  /** @param {ChatEvent} event */
  add(event) {
    switch (event.type) {
      case 'start':
        this.#source = `${this.#nameOf(event.provider)} · ${event.model}`
        break
      case 'text':
        this.#meter.add(event.text)
        this.text += event.text
        this.#blocks.push(event.text)
        break
      case 'reasoning':
        this.#meter.add(event.text)
        this.#reasoning.hidden = false
        this.#reasoningText.append(event.text)
        break
      case 'restart':
        this.text = ''
        this.#blocks = new BlockStream()
        this.#isPlain = false
        this.#prose.replaceChildren()
        this.#reasoningText.replaceChildren()
        this.#prose.before(
          element('p', { class: 'notice' }, `${this.#nameOf(event.from)} failed. The answer starts over.`),
        )
        break
      case 'resume':
        this.#prose.before(
          element('p', { class: 'notice' }, `${this.#nameOf(event.from)} failed. Another provider continues.`),
        )
        break
      case 'finish':
        this.#usage = event.usage
        break
      // Ignore unknown events: new types may be added.
    }
    this.#frame ||= requestAnimationFrame(() => {
      this.#draw(true)
    })
  }

  /**
   * What the server tells of this answer, which may come after its end.
   *
   * @param {import('./answer-line.js').AnswerReport} report
   */
  tell(report) {
    this.#report = report
    this.#drawFacts()
    this.#onGrow()
  }

  /**
   * Ends the answer: it is complete, failed or stopped.
   *
   * @param {{ failure?: AnswerError, stopped?: boolean, actions: { label: string, act: () => void }[] }} ending
   */
  end({ failure, stopped, actions }) {
    cancelAnimationFrame(this.#frame)
    this.#meter.end()
    this.#draw(false)
    this.#waiting.remove()
    this.root.setAttribute('aria-busy', 'false')
    this.root.classList.add(failure ? 'failed' : 'ended')
    const tools = element(
      'span',
      { class: 'tools' },
      ...actions.map(({ label, act }) => button(label, act, { class: 'quiet retry' })),
    )
    if (failure) this.#foot.before(failureBox(failure, tools))
    else {
      if (this.text !== '') tools.prepend(copyButton(() => this.text, 'the answer'))
      if (stopped) this.#foot.before(element('p', { class: 'notice' }, 'Stopped.'))
      this.#foot.append(tools)
    }
    this.#onGrow()
  }

  /** @param {boolean} open whether more may come */
  #draw(open) {
    this.#frame = 0
    const hasText = this.text !== ''
    if (hasText) this.#waiting.remove()
    this.#drawProse(open)
    this.#drawFacts()
    this.#onGrow()
  }

  /** The report says more than the page can measure. */
  #drawFacts() {
    const measured = [this.#source, ...this.#meter.words(this.#usage)].filter((fact) => fact !== '')
    const facts = this.#report ? answerFacts(this.#report, this.#providerOf) : measured
    const line = element('span', { class: 'facts' }, facts.join(' · '))
    const old = this.#foot.querySelector('.facts')
    if (!old) this.#foot.prepend(line)
    else if (old.textContent !== line.textContent) old.replaceWith(line)
  }

  /**
   * An answer that cannot be drawn must not leave an empty turn.
   *
   * @param {boolean} open
   */
  #drawProse(open) {
    if (!this.#isPlain) {
      try {
        patch(this.#prose, this.#blocks.read(open, PER_FRAME))
        // What has arrived at once is drawn over several frames.
        if (!this.#blocks.isCurrent) this.#frame ||= requestAnimationFrame(() => this.#draw(open))
        return
      } catch (error) {
        console.error(error)
        this.#isPlain = true
      }
    }
    this.#prose.replaceChildren(element('p', { class: 'plain' }, this.text))
  }
}

/**
 * @param {AnswerError} failure
 * @param {HTMLElement} tools
 */
function failureBox({ code, message }, tools) {
  const { title, advice } = errorMessageFor(code)
  return element(
    'div',
    { class: 'failure', role: 'alert' },
    element('h2', {}, title),
    element('p', { class: 'details', dir: 'auto' }, message),
    element('p', {}, advice),
    tools,
  )
}
