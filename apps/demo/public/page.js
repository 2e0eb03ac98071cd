import { Answer } from './answer.js'
import { ask, catalog, Trouble } from './api.js'
import { composer } from './composer.js'
import { messagesOf } from './conversation.js'
import { byId, element } from './elements.js'
import { follow } from './follow.js'
import { Picker } from './picker.js'
import { troubleOf } from './trouble.js'

const spring = byId('spring', HTMLElement)
const list = byId('turns', HTMLOListElement)
const latest = byId('latest', HTMLButtonElement)
const status = byId('status', HTMLElement)
const source = byId('source', HTMLElement)

/** @type {import('./conversation.js').Turn[]} */
let turns = []
/** @type {AbortController | undefined} */
let current

const picker = new Picker()
const end = follow(byId('river', HTMLElement), (following) => {
  latest.hidden = following || turns.length === 0
})
const field = composer({ send, stop })

/** @param {string} question */
function send(question) {
  if (current) return
  const turn = { question, answer: '', settled: false }
  turns.push(turn)
  spring.hidden = true
  const item = element('li', { class: 'turn' }, element('p', { class: 'question', dir: 'auto' }, question))
  list.append(item)
  void answer(turn, item)
  end.end()
}

/**
 * Asks the last turn, for the first time or again.
 *
 * @param {import('./conversation.js').Turn} turn
 * @param {HTMLLIElement} item
 */
async function answer(turn, item) {
  const control = new AbortController()
  current = control
  const view = new Answer({ onGrown: end.grown, nameOf: (id) => picker.nameOf(id) })
  item.querySelector('.answer')?.remove()
  item.append(view.root)
  field.setBusy(true)
  status.textContent = 'Asking.'
  /** @type {Trouble | undefined} */
  let trouble
  try {
    for await (const event of ask({ ...picker.choice(), messages: messagesOf(turns) }, control.signal)) view.add(event)
    status.textContent = 'The answer is complete.'
  } catch (error) {
    if (control.signal.aborted) status.textContent = 'Stopped.'
    else trouble = error instanceof Trouble ? error : new Trouble('other', String(error))
  }
  turn.answer = view.text
  turn.settled = trouble === undefined
  // Of a chat that was left behind, nothing is shown any more.
  if (current !== control) return
  current = undefined
  field.setBusy(false)
  if (trouble) status.textContent = troubleOf(trouble.code).title
  view.end({ ...(trouble && { trouble }), stopped: control.signal.aborted, actions: actionsFor(turn, item, trouble) })
}

/**
 * @param {import('./conversation.js').Turn} turn
 * @param {HTMLLIElement} item
 * @param {Trouble | undefined} trouble
 */
function actionsFor(turn, item, trouble) {
  const again = () => {
    if (current || turns.at(-1) !== turn) return
    field.focus()
    void answer(turn, item)
    end.end()
  }
  const actions = [{ label: 'Try again', act: again }]
  if (trouble && picker.isNarrow) {
    const widen = () => {
      picker.widen()
      again()
    }
    actions.push({ label: 'Ask any provider', act: widen })
  }
  return actions
}

function stop() {
  current?.abort()
}

function newChat() {
  stop()
  current = undefined
  turns = []
  list.replaceChildren()
  spring.hidden = false
  status.textContent = ''
  field.setBusy(false)
  latest.hidden = true
  end.start()
  field.focus()
}

async function begin() {
  try {
    const { models, providers } = await catalog()
    picker.offer({ models, providers })
    const real = providers.filter(({ simulated }) => !simulated)
    source.textContent = real.length === 0 ? 'local simulator' : real.map(({ name }) => name).join(', ')
    if (real.length === 0) {
      byId('spring-text', HTMLElement).textContent =
        'Ask something. The providers here are played by a simulator on this machine: the wire is real, the answers are made up.'
    }
  } catch (error) {
    source.textContent = error instanceof Error ? error.message : String(error)
  }
}

byId('new-chat', HTMLButtonElement).addEventListener('click', newChat)
latest.addEventListener('click', () => {
  end.end()
  field.focus()
})
for (const example of spring.querySelectorAll('button')) {
  example.addEventListener('click', () => {
    send(example.dataset.prompt ?? '')
    field.focus()
  })
}
void begin()
// On a touch screen the keyboard would cover the page before it is read.
if (matchMedia('(pointer: fine)').matches) field.focus()
