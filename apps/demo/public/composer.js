import { byId } from './elements.js'

/**
 * The question being written. Enter sends, Shift+Enter breaks the line, Escape stops.
 *
 * @param {{ send: (question: string) => void, stop: () => void }} actions
 */
export function composer({ send, stop }) {
  const form = byId('composer', HTMLFormElement)
  const field = byId('question', HTMLTextAreaElement)
  const sendButton = byId('send', HTMLButtonElement)
  const stopButton = byId('stop', HTMLButtonElement)
  let busy = false

  const update = () => {
    sendButton.disabled = field.value.trim() === ''
    // Where `field-sizing: content` is not known, by hand.
    if (!CSS.supports('field-sizing', 'content')) {
      field.style.height = 'auto'
      field.style.height = `${field.scrollHeight}px`
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const question = field.value.trim()
    // While an answer comes, what is written stays.
    if (question === '' || busy) return
    field.value = ''
    update()
    send(question)
  })
  field.addEventListener('keydown', (event) => {
    // Enter that ends the writing of a word (Japanese, Chinese) is not meant for us.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  field.addEventListener('input', update)
  stopButton.addEventListener('click', stop)
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && busy) stop()
  })
  update()

  return {
    /** @param {boolean} now */
    setBusy(now) {
      const hadFocus = stopButton === document.activeElement
      busy = now
      sendButton.hidden = now
      stopButton.hidden = !now
      // A button that goes away must not take the focus with it.
      if (!now && hadFocus) field.focus()
    },
    focus() {
      field.focus()
    },
  }
}
