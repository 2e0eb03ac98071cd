import { catalog } from './api.js'
import { Composer } from './composer/composer.js'
import { Picker } from './composer/picker.js'
import { SettingsDialog } from './composer/settings.js'
import { NO_SETTINGS } from './conversation/conversation.js'
import { Library } from './conversation/library.js'
import { Store } from './conversation/store.js'
import { Thread } from './conversation/thread.js'
import { byId } from './elements.js'
import { autoScroll } from './auto-scroll.js'
import { Feed } from './river/feed.js'
import { River } from './river/river.js'
import { Stage } from './stories/stage.js'
import { Weather } from './weather/weather.js'

const welcome = byId('welcome', HTMLElement)
const latest = byId('latest', HTMLButtonElement)
const status = byId('status', HTMLElement)
const source = byId('source', HTMLElement)

const picker = new Picker()
const feed = new Feed()
const store = new Store()
const scroll = autoScroll(byId('scroller', HTMLElement), (following) => {
  latest.hidden = following || thread.turns.length === 0
})
const field = new Composer({
  send: (question) => {
    thread.send(question)
  },
  replace: (question) => {
    thread.replace(question)
  },
  stop: () => {
    thread.stop()
  },
  takeLast: () => thread.turns.at(-1)?.question,
})
/** A new conversation begins with the settings of the last one. */
let lastSettings = NO_SETTINGS
const settings = new SettingsDialog({
  current: () => thread.conversation.settings,
  changed: (changed) => {
    thread.set({ settings: changed })
  },
})
const thread = new Thread(byId('turns', HTMLOListElement), {
  store,
  settings: () => lastSettings,
  choices: () => picker.choices,
  askAny: () => {
    picker.chooseAnyProvider()
  },
  edit: () => {
    field.edit()
  },
  newChat,
  nameOf: (id) => picker.nameOf(id),
  providerOf: (id) => feed.providerOf(id),
  watch: (id, onReport) => feed.watch(id, onReport),
  scroll,
  say: (words) => {
    status.textContent = words
  },
  onChange: changed,
})
new Library(store, {
  current: () => thread.conversation.id,
  open: (conversation, turns) => {
    thread.open(conversation, turns)
    field.clear()
  },
  renamed: ({ id, title }) => {
    if (id === thread.conversation.id) thread.set({ title })
  },
  removed: (id) => {
    if (id === thread.conversation.id) newChat()
  },
})

/** The page shows what the thread is. */
function changed() {
  const { conversation, turns, isBusy } = thread
  const isEmpty = turns.length === 0
  // An answer is seen in the conversation.
  if (isBusy && !byId('stage', HTMLElement).hidden) stage.close()
  welcome.hidden = !isEmpty
  // A class, because a selector with `:has()` would be tried at every change of an answer.
  document.body.classList.toggle('in-conversation', !isEmpty)
  field.setBusy(isBusy)
  latest.hidden ||= isEmpty
  lastSettings = conversation.settings
  settings.mark(conversation.settings)
  document.title = isEmpty ? 'Rivulet' : `${conversation.title} · Rivulet`
  // A reload opens the same conversation.
  history.replaceState(null, '', isEmpty ? '/' : `#${conversation.id}`)
}

function newChat() {
  thread.open()
  field.clear()
  field.focus()
}

async function openKept() {
  const id = location.hash.slice(1)
  if (id === '') return
  const kept = await store.read(id).catch(() => undefined)
  // Something has been asked meanwhile.
  if (thread.turns.length > 0) return
  if (kept) thread.open(kept.conversation, kept.turns)
  else status.textContent = 'This conversation is not kept in this browser.'
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
    thread.send({ text: example.dataset.prompt ?? '', images: [] })
    field.focus()
  })
}
const river = new River(byId('river', HTMLElement), feed)
const weather = new Weather(byId('weather', HTMLElement), byId('weather-toggle', HTMLButtonElement), feed)
const stage = new Stage(byId('stage', HTMLElement), {
  feed,
  weather,
  onShow(isShown) {
    river.hush(isShown)
    document.body.classList.toggle('on-stage', isShown)
    if (isShown) thread.stop()
    else field.focus()
    scroll.reset()
  },
})
stage.offer(byId('stories', HTMLElement))
feed.open()
// The names of providers are in kept answers too.
void start().then(openKept)
// On a touch screen the focus would open a keyboard that covers the page.
if (matchMedia('(pointer: fine)').matches) field.focus()
