import { byId } from './elements.js'

/**
 * The form for the question. Enter sends, Shift+Enter inserts a line break, Escape stops the answer.
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
    // Fallback for browsers without `field-sizing: content`.
    if (!CSS.supports('field-sizing', 'content')) {
      field.style.height = 'auto'
      field.style.height = `${field.scrollHeight}px`
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const question = field.value.trim()
    // Keep the text while an answer is streaming.
    if (question === '' || busy) return
    field.value = ''
    update()
    send(question)
  })
  field.addEventListener('keydown', (event) => {
    // Enter confirms a word in an input method (Japanese, Chinese); ignore it then.
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
      // Move the focus away from a button that disappears.
      if (!now && hadFocus) field.focus()
    },
    focus() {
      field.focus()
    },
  }
}
