import { element } from '../elements.js'
import { BlockStream } from './block-stream.js'
import { patch } from './draw.js'

/** How many characters are drawn in one frame. */
const PER_FRAME = 4_096

/** A text as it comes, drawn as Markdown. */
export class Prose {
  root = element('div', { class: 'prose', dir: 'auto' })
  text = ''
  #blocks = new BlockStream()
  /** Drawing has failed: the text is shown as it is. */
  #isPlain = false

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
        patch(this.root, this.#blocks.read(open, PER_FRAME))
        return this.#blocks.isCurrent
      } catch (error) {
        console.error(error)
        this.#isPlain = true
      }
    }
    this.root.replaceChildren(element('p', { class: 'plain' }, this.text))
    return true
  }
}
