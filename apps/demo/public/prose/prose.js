import { element } from '../elements.js'
import { BlockStream } from './block-stream.js'
import { forget, patch } from './draw.js'

/** How many characters are drawn in one frame. */
const PER_FRAME = 4_096
/** How many blocks a chapter has. Those before the last two are complete. */
const CHAPTER = 40

/** A text as it comes, drawn as Markdown. */
export class Prose {
  root = element('div', { class: 'prose', dir: 'auto' })
  text = ''
  #blocks = new BlockStream()
  /** The last chapter, which grows. The browser leaves out closed ones that are out of sight: a frame costs what it shows. */
  #chapter = element('div')
  /** Drawing has failed: the text is shown as it is. */
  #isPlain = false

  constructor() {
    this.root.append(this.#chapter)
  }

  /** @param {string} text */
  push(text) {
    this.text += text
    this.#blocks.push(text)
  }

  /**
   * Draws what one frame has time for. An answer that cannot be drawn must not leave an empty turn.
   *
   * @param {boolean} open whether more may come
   * @returns {boolean} whether all of the text is drawn
   */
  draw(open) {
    if (!this.#isPlain) {
      try {
        patch(this.#chapter, this.#blocks.read(open, PER_FRAME))
        while (this.#chapter.childElementCount >= 2 * CHAPTER) this.#closeChapter()
        return this.#blocks.isCurrent
      } catch (error) {
        console.error(error)
        this.#isPlain = true
      }
    }
    this.root.replaceChildren(element('p', { class: 'plain' }, this.text))
    return true
  }

  #closeChapter() {
    const elements = [...this.#chapter.children].slice(0, CHAPTER)
    this.#chapter.before(element('div', { class: 'closed' }, ...elements))
    // Nothing of it is kept but what is seen.
    this.#blocks.forget(CHAPTER)
    forget(elements)
  }
}
