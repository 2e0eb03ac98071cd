import { Answer } from './answer.js'
import { newAnswerId } from './answer-line.js'
import { ask, catalog, AnswerError } from './api.js'
import { composer } from './composer.js'
import { messagesOf } from './conversation.js'
import { byId, element } from './elements.js'
import { autoScroll } from './auto-scroll.js'
import { Picker } from './picker.js'
import { errorMessageFor } from './error-messages.js'
import { Feed } from './river/feed.js'
import { River } from './river/river.js'
import { Stage } from './stories/stage.js'
import { Weather } from './weather/weather.js'

const welcome = byId('welcome', HTMLElement)
const list = byId('turns', HTMLOListElement)
const latest = byId('latest', HTMLButtonElement)
const status = byId('status', HTMLElement)
const source = byId('source', HTMLElement)

/** @type {import('./conversation.js').Turn[]} */
let turns = []
/** @type {AbortController | undefined} */
let current

const picker = new Picker()
const feed = new Feed()
const scroll = autoScroll(byId('scroller', HTMLElement), (following) => {
  latest.hidden = following || turns.length === 0
})
const field = composer({ send, stop })

/** @param {string} question */
function send(question) {
  if (current) return
  stage.close()
  const turn = { question, answer: '', answered: false }
  turns.push(turn)
  welcome.hidden = true
  const item = element('li', { class: 'turn' }, element('p', { class: 'question', dir: 'auto' }, question))
  list.append(item)
  void answer(turn, item)
  scroll.toEnd()
}

/**
 * Requests the answer to the last turn, for the first time or again.
 *
 * @param {import('./conversation.js').Turn} turn
 * @param {HTMLLIElement} item
 */
async function answer(turn, item) {
  const control = new AbortController()
  current = control
  const view = new Answer({
    onGrow: scroll.contentGrew,
    nameOf: (id) => picker.nameOf(id),
    providerOf: (id) => feed.providerOf(id),
  })
  item.querySelector('.answer')?.remove()
  item.append(view.root)
  field.setBusy(true)
  status.textContent = 'Waiting for the answer.'
  /** @type {AnswerError | undefined} */
  let failure
  try {
    const id = newAnswerId()
    feed.watch(id, (report) => {
      view.tell(report)
    })
    const question = { ...picker.choice(), messages: messagesOf(turns) }
    for await (const event of ask(question, control.signal, id)) view.add(event)
    status.textContent = 'The answer is complete.'
  } catch (error) {
    if (control.signal.aborted) status.textContent = 'Stopped.'
    else failure = error instanceof AnswerError ? error : new AnswerError('other', String(error))
  }
  turn.answer = view.text
  turn.answered = failure === undefined
  // The user has started a new chat meanwhile: show nothing.
  if (current !== control) return
  current = undefined
  field.setBusy(false)
  if (failure) status.textContent = errorMessageFor(failure.code).title
  view.end({ ...(failure && { failure }), stopped: control.signal.aborted, actions: actionsFor(turn, item, failure) })
}

/**
 * @param {import('./conversation.js').Turn} turn
 * @param {HTMLLIElement} item
 * @param {AnswerError | undefined} failure
 */
function actionsFor(turn, item, failure) {
  const retry = () => {
    if (current || turns.at(-1) !== turn) return
    field.focus()
    void answer(turn, item)
    scroll.toEnd()
  }
  const actions = [{ label: 'Try again', act: retry }]
  if (failure && picker.hasProvider) {
    const askAny = () => {
      picker.chooseAnyProvider()
      retry()
    }
    actions.push({ label: 'Ask any provider', act: askAny })
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
  welcome.hidden = false
  status.textContent = ''
  field.setBusy(false)
  latest.hidden = true
  scroll.reset()
  field.focus()
}

async function start() {
  try {
    const { models, providers } = await catalog()
    picker.setCatalog({ models, providers })
    const real = providers.filter(({ simulated }) => !simulated)
    source.textContent = real.length === 0 ? 'local simulator' : real.map(({ name }) => name).join(', ')
    if (real.length === 0) {
      byId('welcome-text', HTMLElement).textContent =
        'Here a simulator on this machine stands in for them: the requests are real, the answers are made up.'
    }
  } catch (error) {
    source.textContent = error instanceof Error ? error.message : String(error)
  }
}

byId('new-chat', HTMLButtonElement).addEventListener('click', newChat)
latest.addEventListener('click', () => {
  scroll.toEnd()
  field.focus()
})
for (const example of byId('examples', HTMLElement).querySelectorAll('button')) {
  example.addEventListener('click', () => {
    send(example.dataset.prompt ?? '')
    field.focus()
  })
}
new River(byId('river', HTMLElement), feed)
const weather = new Weather(byId('weather', HTMLElement), byId('weather-toggle', HTMLButtonElement), feed)
const stage = new Stage(byId('stage', HTMLElement), {
  feed,
  weather,
  onShow(isShown) {
    if (isShown) stop()
    else field.focus()
    scroll.reset()
  },
})
stage.offer(byId('stories', HTMLElement))
feed.open()
void start()
// On a touch screen the focus would open a keyboard that covers the page.
if (matchMedia('(pointer: fine)').matches) field.focus()
