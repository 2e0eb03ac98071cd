import { element } from '../elements.js'

/** One answer of a story. After a restart, the text that was there stays until the new one has replaced it. */
export class Pane {
  #fresh = element('span', { class: 'fresh' })
  #seam = element('span', { class: 'seam', hidden: true })
  #after = element('span', {})
  #kept = element('span', { class: 'kept' })
  #text = element('p', { class: 'text', dir: 'auto' })
  #verdict = element('p', { class: 'verdict' })
  #facts = element('p', { class: 'facts' })
  /** What came before the restart. */
  #before = ''
  text = ''
  root

  /** @param {string} title */
  constructor(title) {
    this.#text.append(this.#fresh, this.#seam, this.#after, this.#kept)
    this.root = element('article', { class: 'pane' }, element('h3', {}, title), this.#text, this.#verdict, this.#facts)
  }

  /** @param {string} piece */
  add(piece) {
    this.text += piece
    this.#draw()
  }

  /** The answer starts over. `where` is the seam, in words. @param {string} where */
  restart(where) {
    this.#before = this.text.length > this.#before.length ? this.text : this.#before
    this.text = ''
    this.#seam.title = where
    this.#seam.textContent = where
    this.#draw()
  }

  /**
   * @param {string} verdict
   * @param {'good' | 'bad'} kind
   */
  end(verdict, kind) {
    this.#before = this.#before.slice(0, this.text.length)
    this.#draw()
    this.root.dataset.end = kind
    this.#verdict.textContent = verdict
  }

  /** @param {string} facts */
  tell(facts) {
    this.#facts.textContent = facts
  }

  #draw() {
    const seam = this.#before.length
    this.#fresh.textContent = seam === 0 ? this.text : this.text.slice(0, seam)
    this.#seam.hidden = seam === 0 || this.text.length < seam
    this.#after.textContent = seam === 0 ? '' : this.text.slice(seam)
    this.#kept.textContent = this.#before.slice(this.text.length)
  }
}
