import { button, byId, element } from '../elements.js'

/** @typedef {import('./conversation.js').Question} Question */

/** The questions that wait for an answer to end. */
export class Line {
  /** @type {Question[]} */
  questions = []
  #box = byId('line', HTMLElement)
  #list = element('ol', {})
  #onChange
  #onGo

  /** @param {{ onChange: (questions: Question[]) => void, onGo: () => void }} page `onGo`: the first one is to be sent now */
  constructor({ onChange, onGo }) {
    this.#onChange = onChange
    this.#onGo = onGo
    const title = element('p', {}, 'Waiting in line')
    this.#box.append(title, this.#list)
  }

  /** @param {Question[]} questions */
  set(questions) {
    this.questions = questions
    this.#box.hidden = questions.length === 0
    this.#list.replaceChildren(
      ...questions.map((question, index) => {
        const words = question.text === '' ? 'An image' : question.text
        const remove = () => {
          this.set(this.questions.filter((_, other) => other !== index))
          this.#onChange(this.questions)
        }
        const go = index === 0 ? [button('Send now', this.#onGo, { class: 'quiet' })] : []
        return element(
          'li',
          {},
          element('span', { dir: 'auto' }, words),
          ...go,
          button('×', remove, { class: 'quiet', 'aria-label': `Remove “${words.slice(0, 60)}”` }),
        )
      }),
    )
  }

  /** @param {Question} question */
  add(question) {
    this.set([...this.questions, question])
    this.#onChange(this.questions)
  }

  /** The first one, which leaves the line. */
  take() {
    const [first, ...rest] = this.questions
    if (!first) return undefined
    this.set(rest)
    this.#onChange(this.questions)
    return first
  }
}
