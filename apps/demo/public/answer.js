import { answerFacts } from './answer-line.js'
import { Call, Reasoning } from './conversation/parts.js'
import { button, copyButton, element } from './elements.js'
import { failureBox } from './failure.js'
import { Meter } from './meter.js'
import { Prose } from './prose/prose.js'

/**
 * @typedef {import('./conversation/record.js').AnswerEvent} AnswerEvent
 * @typedef {import('./conversation/conversation.js').Failure} Failure
 * @typedef {Prose | Reasoning | Call} Piece
 */

/** The view of one answer, from waiting to its end. */
export class Answer {
  root = element('article', { class: 'answer', 'aria-label': 'Answer', 'aria-live': 'polite', 'aria-busy': 'true' })
  #waiting = element('p', { class: 'waiting' }, 'Waiting for the first word')
  #body = element('div')
  #foot = element('footer', { class: 'foot' })
  /** What the answer is made of, in its order. @type {Piece[]} */
  #pieces = []
  /** Those of which not all is drawn. @type {Set<Piece>} */
  #behind = new Set()
  /** @type {Map<string, Call>} */
  #calls = new Map()
  /** The first piece that belongs to the answer after the last results of tools. */
  #round = 0
  /** Pieces of an answer that broke; they stay until the first of the next one comes. @type {Piece[]} */
  #stale = []
  #meter = new Meter()
  #source = ''
  /** @type {import('@rivulet/core').Usage | undefined} */
  #usage
  #frame = 0
  #isOpen = true
  /** What is known of a kept answer. @type {readonly string[] | undefined} */
  #keptFacts
  /** @type {import('./answer-line.js').AnswerReport | undefined} */
  #report
  #onGrow
  #nameOf
  #providerOf

  /**
   * @param {{ onGrow: () => void, nameOf: (id: string) => string, providerOf: import('./answer-line.js').ProviderOf }} page
   */
  constructor({ onGrow, nameOf, providerOf }) {
    this.#onGrow = onGrow
    this.#nameOf = nameOf
    this.#providerOf = providerOf
    this.root.append(this.#waiting, this.#body, this.#foot)
  }

  /** All of the text. */
  get text() {
    const proses = this.#pieces.filter((piece) => piece instanceof Prose)
    return proses.map(({ text }) => text).join('\n\n')
  }

  /** What is known of the answer, in the order in which it is read. */
  get facts() {
    if (this.#keptFacts) return this.#keptFacts
    // The report says more than the page can measure.
    if (this.#report) return answerFacts(this.#report, this.#providerOf)
    return [this.#source, ...this.#meter.words(this.#usage)].filter((fact) => fact !== '')
  }

  /** @param {AnswerEvent} event */
  add(event) {
    switch (event.type) {
      case 'start':
        this.#source = `${this.#nameOf(event.provider)} · ${event.model}`
        break
      case 'text':
        this.#meter.add(event.text)
        this.#growing(Prose, () => new Prose()).push(event.text)
        break
      case 'reasoning':
        this.#meter.add(event.text)
        if (event.text !== '') this.#growing(Reasoning, () => new Reasoning()).push(event.text)
        break
      case 'tool-call':
        this.#calls.set(event.id, this.#begin(new Call(event.name)))
        break
      case 'tool-input':
        this.#grew(this.#calls.get(event.id))?.push(event.text)
        break
      case 'tool-result':
        this.#calls.get(event.id)?.end(event)
        this.#round = this.#pieces.length
        break
      case 'restart':
        this.#stale.push(...this.#pieces.splice(this.#round))
        for (const { root } of this.#stale) root.classList.add('stale')
        this.note(`${this.#failed(event.from)}. The answer starts over.`)
        break
      case 'resume':
        this.note(`${this.#failed(event.from)}. Another provider continues.`)
        break
      case 'finish':
        this.#usage = event.usage
        if (event.reason === 'length') this.note('The answer reached the limit of its length.')
        break
      // Ignore unknown events: new types may be added.
    }
    this.#frame ||= requestAnimationFrame(() => {
      this.#draw()
    })
  }

  /**
   * A sentence about what happens, where it happens.
   *
   * @param {string} words
   */
  note(words) {
    const last = this.#body.lastElementChild
    if (last?.className !== 'notice' || last.textContent !== words) {
      this.#body.append(element('p', { class: 'notice' }, words))
    }
    this.#onGrow()
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

  /** @param {readonly string[]} facts What was known of a kept answer */
  recall(facts) {
    this.#keptFacts = facts
  }

  /**
   * Ends the answer: it is complete, failed or stopped.
   *
   * @param {{ failure?: Failure | undefined, note?: string, actions: { label: string, act: () => void }[] }} ending
   */
  end({ failure, note, actions }) {
    this.#isOpen = false
    this.#meter.end()
    cancelAnimationFrame(this.#frame)
    for (const piece of this.#pieces) this.#behind.add(piece)
    this.#draw()
    this.#waiting.remove()
    this.root.setAttribute('aria-busy', 'false')
    this.root.classList.add(failure ? 'failed' : 'ended')
    const tools = element(
      'span',
      { class: 'tools' },
      ...actions.map(({ label, act }) => button(label, act, { class: 'quiet retry' })),
    )
    if (failure) this.#foot.before(failureBox(failure, { tools, nameOf: this.#nameOf }))
    else {
      if (this.text !== '') tools.prepend(copyButton(() => this.text, 'the answer'))
      if (note) this.#foot.before(element('p', { class: 'notice' }, note))
      this.#foot.append(tools)
    }
    this.#onGrow()
  }

  /** @param {string} from Who the answer came from: a provider, or the server of this page */
  #failed(from) {
    return from === 'remote' ? 'The connection to the server of this page was lost' : `${this.#nameOf(from)} failed`
  }

  /**
   * The last piece if it is of this kind, or a new one.
   *
   * @template {Piece} Kind
   * @param {new (...args: never[]) => Kind} kind
   * @param {() => Kind} make
   * @returns {Kind}
   */
  #growing(kind, make) {
    const last = this.#pieces.length > this.#round ? this.#pieces.at(-1) : undefined
    if (!(last instanceof kind)) return this.#begin(make())
    this.#behind.add(last)
    return last
  }

  /**
   * @template {Piece} Each
   * @param {Each} piece
   */
  #begin(piece) {
    for (const { root } of this.#stale.splice(0)) root.remove()
    const before = this.#pieces.at(-1)
    this.#pieces.push(piece)
    this.#behind.add(piece)
    // What comes before it is complete.
    if (before) this.#behind.add(before)
    this.#body.append(piece.root)
    return piece
  }

  /** @param {Call | undefined} call */
  #grew(call) {
    if (call) this.#behind.add(call)
    return call
  }

  #draw() {
    this.#frame = 0
    if (this.#pieces.length > 0) this.#waiting.remove()
    for (const piece of this.#behind) {
      const isLast = piece === this.#pieces.at(-1)
      if (piece.draw(this.#isOpen && isLast)) this.#behind.delete(piece)
    }
    // What has arrived at once is drawn over several frames.
    if (this.#behind.size > 0) {
      this.#frame ||= requestAnimationFrame(() => {
        this.#draw()
      })
    }
    this.#drawFacts()
    this.#onGrow()
  }

  #drawFacts() {
    const line = element('span', { class: 'facts' }, this.facts.join(' · '))
    const old = this.#foot.querySelector('.facts')
    if (!old) this.#foot.prepend(line)
    else if (old.textContent !== line.textContent) old.replaceWith(line)
  }
}
