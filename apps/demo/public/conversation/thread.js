import { newAnswerId } from '../answer-line.js'
import { Answer } from '../answer.js'
import { element } from '../elements.js'
import { errorMessageFor } from '../error-messages.js'
import { ask, failureOf } from './client.js'
import { messagesFor, newConversation, titleOf } from './conversation.js'
import { Line } from './line.js'
import { AnswerRecord, eventsOf } from './record.js'
import { turnItem } from './turn-item.js'

/**
 * @typedef {import('./conversation.js').Choice} Choice
 * @typedef {import('./conversation.js').Conversation} Conversation
 * @typedef {import('./conversation.js').KeptAnswer} KeptAnswer
 * @typedef {import('./conversation.js').Question} Question
 * @typedef {import('./conversation.js').Turn} Turn
 */

/** How often an answer is kept while it comes, in milliseconds. */
const KEEP_MS = 500

/** The conversation that is open: its turns, and the answers that come. */
export class Thread {
  /** @type {Conversation} */
  conversation
  /** @type {Turn[]} */
  turns = []
  /** Answers are coming. @type {AbortController | undefined} */
  #current
  /** Ends what waits for reports of answers. @type {(() => void)[]} */
  #unwatch = []
  #line
  #list
  #page

  /**
   * @param {HTMLOListElement} list
   * @param {{
   *   store: import('./store.js').Store,
   *   settings: () => import('./conversation.js').Settings,
   *   choices: () => Choice[],
   *   askAny: () => void,
   *   edit: () => void,
   *   newChat: () => void,
   *   nameOf: (id: string) => string,
   *   providerOf: import('../answer-line.js').ProviderOf,
   *   watch: (id: string, onReport: (report: import('../answer-line.js').AnswerReport) => void) => () => void,
   *   scroll: { contentGrew: () => void, toEnd: () => void, reset: () => void },
   *   say: (words: string) => void,
   *   onChange: () => void,
   * }} page
   */
  constructor(list, page) {
    this.#list = list
    this.#page = page
    this.#line = new Line({
      onChange: (questions) => {
        this.conversation.waiting = questions
        void this.#keep()
      },
      // After an answer that is stopped, the next question is sent.
      onGo: () => {
        if (this.#current) this.stop()
        else this.#next()
      },
    })
    this.conversation = newConversation(page.settings())
  }

  get isBusy() {
    return this.#current !== undefined
  }

  /**
   * Shows a conversation.
   *
   * @param {Conversation} [conversation]
   * @param {Turn[]} [turns]
   */
  open(conversation = newConversation(this.#page.settings()), turns = []) {
    this.stop()
    this.#current = undefined
    for (const unwatch of this.#unwatch.splice(0)) unwatch()
    this.conversation = conversation
    this.turns = turns
    this.#line.set(conversation.waiting)
    this.#list.classList.remove('wide')
    this.#list.replaceChildren(...turns.map((turn) => this.#drawn(turn)))
    this.#page.scroll.reset()
    if (turns.length > 0) this.#page.scroll.toEnd()
    this.#page.say('')
    this.#page.onChange()
  }

  /**
   * Changes the title or the settings.
   *
   * @param {Partial<Pick<Conversation, 'title' | 'settings'>>} changes
   */
  set(changes) {
    Object.assign(this.conversation, changes)
    void this.#keep()
    this.#page.onChange()
  }

  /** @param {Question} question */
  send(question) {
    if (this.#current) {
      this.#line.add(question)
      this.#page.say('The question waits until the answer is complete.')
      return
    }
    /** @type {Turn} */
    const turn = { conversation: this.conversation.id, index: this.turns.length, question, answers: [] }
    if (this.turns.length === 0 && this.conversation.title === '') this.conversation.title = titleOf(question)
    this.turns.push(turn)
    const item = turnItem(turn, { edit: this.#page.edit })
    this.#list.append(item)
    void this.#answer(turn, item)
  }

  /**
   * Asks a question in place of the last one.
   *
   * @param {Question} question
   */
  replace(question) {
    this.stop()
    this.#current = undefined
    const last = this.turns.pop()
    this.#list.lastElementChild?.remove()
    // A title that was made of the question is made of the new one.
    if (last?.index === 0 && this.conversation.title === titleOf(last.question)) this.conversation.title = ''
    if (last) void this.#page.store.cut(this.conversation.id, last.index).catch(() => undefined)
    this.send(question)
  }

  stop() {
    this.#current?.abort()
  }

  /**
   * Requests the answers to the last turn, for the first time or again.
   *
   * @param {Turn} turn
   * @param {HTMLElement} item
   */
  async #answer(turn, item) {
    const control = new AbortController()
    this.#current = control
    const { say, choices, onChange, scroll } = this.#page
    const conversation = this.conversation
    turn.answers = choices().map((choice) => ({ choice, state: 'streaming', messages: [], facts: [] }))
    const views = turn.answers.map(() => this.#view())
    this.#showAnswers(item, views)
    say('Waiting for the answer.')
    onChange()
    scroll.toEnd()
    conversation.changedMs = Date.now()
    const asked = turn.answers.map((answer, column) => {
      const record = new AnswerRecord()
      const messages = messagesFor(this.turns, { system: conversation.settings.system, column })
      const view = views[column] ?? this.#view()
      return { answer, record, done: this.#read(answer, { record, view, messages, signal: control.signal }) }
    })
    const keep = () => {
      for (const { answer, record } of asked) answer.messages = record.messages
      return this.#page.store.write(conversation, turn).catch(() => undefined)
    }
    const keeping = setInterval(() => void keep(), KEEP_MS)
    void keep()
    await Promise.all(asked.map(({ done }) => done))
    clearInterval(keeping)
    // A question that was edited meanwhile has another turn in its place.
    if (this.conversation !== conversation || this.turns.includes(turn)) await keep()
    // Another conversation has been opened meanwhile.
    if (this.#current !== control) return
    this.#current = undefined
    for (const [column, answer] of turn.answers.entries()) this.#end(answer, views[column], turn, item)
    const failed = turn.answers.find(({ failure }) => failure)
    if (failed?.failure) say(errorMessageFor(failed.failure).title)
    else say(control.signal.aborted ? 'Stopped.' : 'The answer is complete.')
    onChange()
    if (!failed) this.#next()
  }

  /**
   * Reads one answer to its end, and never throws.
   *
   * @param {KeptAnswer} answer
   * @param {{ record: AnswerRecord, view: Answer, messages: import('@rivulet/core').Message[], signal: AbortSignal }} to
   */
  async #read(answer, { record, view, messages, signal }) {
    const id = newAnswerId()
    const unwatch = this.#page.watch(id, (report) => {
      view.tell(report)
      answer.facts = [...view.facts]
    })
    this.#unwatch.push(unwatch)
    const onRetry = () => {
      view.note('The server of this page cannot be reached. It is asked again.')
    }
    try {
      const { settings, id: session } = this.conversation
      const asked = { id, choice: answer.choice, messages, settings, session }
      for await (const event of ask(asked, { signal, onRetry })) {
        record.add(event)
        view.add(event)
      }
      answer.state = 'complete'
    } catch (error) {
      answer.state = signal.aborted ? 'stopped' : 'failed'
      if (!signal.aborted) answer.failure = failureOf(error)
    }
    answer.facts = [...view.facts]
  }

  #view() {
    const { scroll, nameOf, providerOf } = this.#page
    return new Answer({ onGrow: scroll.contentGrew, nameOf, providerOf })
  }

  /** @param {HTMLElement} item @param {Answer[]} views */
  #showAnswers(item, views) {
    item.querySelector('.answers')?.remove()
    const answers = element('div', { class: 'answers' }, ...views.map(({ root }) => root))
    answers.classList.toggle('two', views.length > 1)
    // A selector with `:has()` would look through all answers at every change.
    item.classList.toggle('pair', views.length > 1)
    if (views.length > 1) this.#list.classList.add('wide')
    item.append(answers)
  }

  /**
   * A turn that was kept.
   *
   * @param {Turn} turn
   */
  #drawn(turn) {
    const item = turnItem(turn, { edit: this.#page.edit })
    const views = turn.answers.map((answer) => {
      // The page was closed while it came.
      if (answer.state === 'streaming') answer.state = 'interrupted'
      const view = this.#view()
      view.recall(answer.facts)
      for (const event of eventsOf(answer.messages)) view.add(event)
      this.#end(answer, view, turn, item)
      return view
    })
    this.#showAnswers(item, views)
    return item
  }

  /**
   * @param {KeptAnswer} answer
   * @param {Answer | undefined} view
   * @param {Turn} turn
   * @param {HTMLElement} item
   */
  #end(answer, view, turn, item) {
    const { edit, newChat, askAny } = this.#page
    const again = () => {
      if (!this.#current && this.turns.at(-1) === turn) void this.#answer(turn, item)
    }
    const ACTIONS = {
      retry: { label: 'Try again', act: again },
      edit: { label: 'Edit the question', act: edit },
      new: { label: 'New chat', act: newChat },
      any: {
        label: 'Ask any provider',
        act: () => {
          askAny()
          again()
        },
      },
    }
    const { failure, choice, state } = answer
    const isAlone = choice.provider !== undefined
    const remedies = failure ? errorMessageFor(failure).remedies.filter((each) => each !== 'any' || isAlone) : []
    const actions = (remedies.length > 0 ? remedies : /** @type {const} */ (['retry'])).map((name) => ACTIONS[name])
    view?.end({ failure, note: NOTES[state] ?? '', actions })
  }

  #next() {
    const question = this.#current ? undefined : this.#line.take()
    if (question) this.send(question)
  }

  async #keep() {
    // A conversation without a question is not kept.
    if (this.turns.length > 0) await this.#page.store.write(this.conversation).catch(() => undefined)
  }
}

/** @type {Partial<Record<KeptAnswer['state'], string>>} */
const NOTES = {
  stopped: 'Stopped.',
  interrupted: 'The page was closed while this answer came. What had come is kept; the rest is missing.',
}
