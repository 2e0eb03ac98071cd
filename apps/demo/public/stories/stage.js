import { ChatError } from '@rivulet/core'
import { answerFacts, newAnswerId, reasonOf } from '../answer-line.js'
import { ask } from '../conversation/client.js'
import { NO_SETTINGS } from '../conversation/conversation.js'
import { button, element } from '../elements.js'
import { sentenceOf } from '../river/sentences.js'
import { Pane } from './pane.js'
import { plainClient } from './plain-client.js'
import { STORIES } from './scripts.js'

/**
 * @typedef {import('./scripts.js').Story} Story
 * @typedef {import('../river/feed.js').Feed} Feed
 * @typedef {import('../river/feed.js').AnswerReport} AnswerReport
 */

/** How long the report of an answer is waited for after its end, in milliseconds. */
const REPORT_MS = 3000

/** The stage on which stories are told: real requests to the simulator, and what happens to them, in sentences. */
export class Stage {
  #root
  #feed
  #weather
  #onShow
  /** @type {AbortController | undefined} */
  #running

  /**
   * @param {HTMLElement} root
   * @param {{ feed: Feed, weather: import('../weather/weather.js').Weather, onShow: (isShown: boolean) => void }} page
   */
  constructor(root, { feed, weather, onShow }) {
    this.#root = root
    this.#feed = feed
    this.#weather = weather
    this.#onShow = onShow
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !root.hidden) this.close()
    })
  }

  /** A button for each story. @param {HTMLElement} list */
  offer(list) {
    list.replaceChildren(
      ...STORIES.map((story) =>
        element(
          'li',
          {},
          button(story.name, () => void this.tell(story), { 'data-story': story.id }),
        ),
      ),
    )
  }

  close() {
    this.#running?.abort()
    this.#root.hidden = true
    this.#onShow(false)
  }

  /** @param {Story} story */
  async tell(story) {
    this.#running?.abort()
    const control = new AbortController()
    this.#running = control
    const started = performance.now()
    const now = element('p', { class: 'now', role: 'status' })
    const telling = element('ol', { class: 'telling', 'aria-label': 'What happened' })
    const say = (/** @type {string} */ text) => {
      const after = `${((performance.now() - started) / 1000).toFixed(1)} s`
      now.replaceChildren(element('span', {}, text))
      telling.append(element('li', {}, element('span', { class: 'after' }, after), text))
    }
    const pane = new Pane(story.plain ? 'With Rivulet' : `“${story.question}”`)
    const plain = story.plain ? new Pane('A plain client') : undefined
    const tools = element('p', { class: 'tools' })
    this.#root.replaceChildren(
      element('h2', { class: 'title', tabindex: '-1' }, story.title),
      now,
      element('div', { class: 'panes' }, ...(plain ? [plain.root] : []), pane.root),
      tools,
      telling,
    )
    this.#root.dataset.story = story.id
    this.#root.setAttribute('aria-busy', 'true')
    this.#root.removeAttribute('data-seamless')
    this.#root.hidden = false
    this.#onShow(true)
    this.#root.querySelector('h2')?.focus({ preventScroll: true })

    try {
      await this.#play(story, { pane, plain, say, signal: control.signal })
    } catch (error) {
      if (!control.signal.aborted) say(`The story ends here: ${error instanceof Error ? error.message : String(error)}`)
    }
    // A fault that was not met must not wait for the next question. Another story makes its own weather.
    if (this.#running === control) await this.#weather.calm().catch(() => undefined)
    if (control.signal.aborted) return
    this.#root.setAttribute('aria-busy', 'false')
    this.#end(tools, story)
  }

  /**
   * @param {Story} story
   * @param {{ pane: Pane, plain: Pane | undefined, say: (text: string) => void, signal: AbortSignal }} scene
   */
  async #play(story, { pane, plain, say, signal }) {
    const simulated = this.#feed.providers.filter((provider) => provider.simulated)
    await this.#weather.calm()
    for (const [id, fault] of story.faults(simulated)) await this.#weather.set(id, fault, 1)
    say(story.before(simulated[0]?.name ?? ''))
    const told = this.#answer(story, pane, say, signal)
    if (plain) await this.#plain(story, plain, say, signal)
    const report = await told
    if (report) say(story.after(report))
  }

  /**
   * @param {Story} story
   * @param {Pane} pane
   * @param {(text: string) => void} say
   * @param {AbortSignal} signal
   * @returns {Promise<AnswerReport | undefined>} `undefined` when there is none: the story was left, or the server is gone
   */
  async #answer(story, pane, say, signal) {
    const id = newAnswerId()
    const nameOf = (/** @type {string} */ provider) => this.#feed.providerOf(provider).name
    const over = new AbortController()
    /** @type {Promise<AnswerReport | undefined>} */
    const reported = new Promise((resolve) => {
      const unwatch = this.#feed.watch(id, (report) => {
        pane.tell(answerFacts(report, (provider) => this.#feed.providerOf(provider)).join(' · '))
        if (report.state !== 'running') resolve(report)
      })
      over.signal.addEventListener('abort', () => {
        unwatch()
        resolve(undefined)
      })
    })
    this.#feed.addEventListener(
      'moment',
      (event) => {
        if (event instanceof CustomEvent && event.detail.moment.answer === id)
          say(sentenceOf(event.detail.moment, nameOf))
      },
      { signal: AbortSignal.any([signal, over.signal]) },
    )
    try {
      const question = {
        id,
        choice: { model: 'any', provider: 'simulator' },
        messages: [{ role: /** @type {const} */ ('user'), content: story.question }],
        settings: NO_SETTINGS,
        // A conversation of its own: a group remembers for a minute which provider broke in a conversation.
        session: id,
      }
      for await (const event of ask(question, { signal, onRetry: () => undefined })) {
        if (event.type === 'text') pane.add(event.text)
        else if (event.type === 'restart') pane.restart(`${nameOf(event.from)} broke here`)
      }
      pane.end('Complete: the provider said so.', 'good')
    } catch (error) {
      if (!signal.aborted)
        pane.end(error instanceof ChatError ? 'Incomplete: no provider gave a whole answer.' : String(error), 'bad')
    }
    // The report comes on another connection, with the end of the answer or soon after it.
    const late = setTimeout(() => {
      over.abort()
    }, REPORT_MS)
    const report = signal.aborted ? undefined : await reported
    clearTimeout(late)
    over.abort()
    if (report?.state === 'failed') {
      pane.tell('')
      pane.root.append(attemptsOf(report, nameOf))
    }
    return report
  }

  /**
   * @param {Story} story
   * @param {Pane} pane
   * @param {(text: string) => void} say
   * @param {AbortSignal} signal
   */
  async #plain(story, pane, say, signal) {
    try {
      for await (const piece of plainClient(story.question, story.plain, signal)) pane.add(piece)
      pane.end('“Complete”, says the client. It is not.', 'bad')
      say('The stream of the plain client ends. It takes what it has for the answer.')
    } catch (error) {
      if (!signal.aborted) pane.end(String(error), 'bad')
    }
  }

  /** Shows and hides where one provider's text ends and the other one's goes on. */
  #seamButton() {
    const toggle = button(
      'Hide the seam',
      () => {
        const isHidden = this.#root.toggleAttribute('data-seamless')
        toggle.textContent = isHidden ? 'Show the seam' : 'Hide the seam'
      },
      { class: 'quiet' },
    )
    return toggle
  }

  /**
   * @param {HTMLElement} tools
   * @param {Story} story
   */
  #end(tools, story) {
    const next = STORIES[(STORIES.indexOf(story) + 1) % STORIES.length]
    tools.append(
      ...(this.#root.querySelector('[data-end=good] .seam:not([hidden])') ? [this.#seamButton()] : []),
      button('Tell it again', () => void this.tell(story), { class: 'quiet' }),
      ...(next ? [button(`Next: ${next.name}`, () => void this.tell(next), { class: 'quiet next' })] : []),
      button(
        'Back',
        () => {
          this.close()
        },
        { class: 'quiet' },
      ),
    )
  }
}

/**
 * What each provider did, as a list.
 *
 * @param {AnswerReport} report
 * @param {(id: string) => string} nameOf
 */
function attemptsOf({ attempts }, nameOf) {
  const items = attempts.map((attempt) =>
    element('li', {}, element('span', { class: 'name' }, nameOf(attempt.provider)), reasonOf(attempt)),
  )
  return element('ul', { class: 'attempts', 'aria-label': 'What each provider did' }, ...items)
}
