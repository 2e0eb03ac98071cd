import { byId } from '../elements.js'
import { Attachments } from './attachments.js'

/** @typedef {import('../conversation/conversation.js').Question} Question */

/**
 * The form for the question. Enter sends, Shift+Enter inserts a line break, Escape stops the answer, ↑ in an empty field takes the
 * last question back.
 */
export class Composer {
  #form = byId('composer', HTMLFormElement)
  #field = byId('question', HTMLTextAreaElement)
  #sendButton = byId('send', HTMLButtonElement)
  #stopButton = byId('stop', HTMLButtonElement)
  #banner = byId('editing', HTMLElement)
  #attachments = new Attachments(this.#form, () => {
    this.#update()
  })
  #busy = false
  #editing = false
  #actions

  /**
   * @param {{
   *   send: (question: Question) => void,
   *   replace: (question: Question) => void,
   *   stop: () => void,
   *   takeLast: () => Question | undefined,
   * }} actions `replace`: the question takes the place of the last one, which `takeLast` gives
   */
  constructor(actions) {
    this.#actions = actions
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#submit()
    })
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowUp' && this.#isEmpty && !this.#busy) {
        event.preventDefault()
        this.edit()
      }
      // Enter confirms a word in an input method (Japanese, Chinese); ignore it then.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.#form.requestSubmit()
    })
    this.#field.addEventListener('input', () => {
      this.#update()
    })
    this.#stopButton.addEventListener('click', actions.stop)
    byId('cancel-edit', HTMLButtonElement).addEventListener('click', () => {
      this.clear()
      this.focus()
    })
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return
      if (this.#busy) actions.stop()
      else if (this.#editing) this.clear()
    })
    this.#update()
  }

  /** Takes the last question into the field, to be sent in its place. */
  edit() {
    const last = this.#actions.takeLast()
    if (!last) return
    this.#field.value = last.text
    this.#attachments.set(last.images)
    this.#setEditing(true)
    this.focus()
    this.#field.setSelectionRange(last.text.length, last.text.length)
  }

  /** Empties the field. */
  clear() {
    this.#field.value = ''
    this.#attachments.set([])
    this.#setEditing(false)
  }

  /** @param {boolean} now */
  setBusy(now) {
    const hadFocus = this.#stopButton === document.activeElement
    this.#busy = now
    this.#stopButton.hidden = !now
    this.#update()
    // Move the focus away from a button that disappears.
    if (!now && hadFocus) this.focus()
  }

  focus() {
    this.#field.focus()
  }

  get #isEmpty() {
    return this.#field.value.trim() === '' && this.#attachments.images.length === 0
  }

  #submit() {
    if (this.#isEmpty) return
    const question = { text: this.#field.value.trim(), images: this.#attachments.images }
    const send = this.#editing ? this.#actions.replace : this.#actions.send
    this.clear()
    send(question)
  }

  /** @param {boolean} now */
  #setEditing(now) {
    this.#editing = now
    this.#banner.hidden = !now
    this.#update()
  }

  #update() {
    this.#sendButton.disabled = this.#isEmpty
    // While an answer runs, a question waits in line.
    this.#sendButton.hidden = this.#busy && this.#isEmpty
    this.#sendButton.textContent = this.#busy ? 'Send next' : 'Send'
    // Fallback for browsers without `field-sizing: content`.
    if (!CSS.supports('field-sizing', 'content')) {
      this.#field.style.height = 'auto'
      this.#field.style.height = `${this.#field.scrollHeight}px`
    }
  }
}
