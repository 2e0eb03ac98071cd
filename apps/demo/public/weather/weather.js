import { button, element } from '../elements.js'
import { stateOf } from '../river/sentences.js'

/**
 * @typedef {import('../river/feed.js').Feed} Feed
 * @typedef {{ name: string, label: string }} Fault
 */

/** The panel of faults: one choice for each simulated provider, which holds for its next requests. */
export class Weather {
  #panel
  #toggle
  #feed
  #list = element('ul', {})
  #note = element('p', { class: 'note', role: 'status' })
  /** @type {readonly Fault[]} */
  #faults = []
  /** @type {Map<string, { choice: HTMLSelectElement, row: HTMLLIElement, state: HTMLElement }>} */
  #rows = new Map()

  /**
   * @param {HTMLElement} panel
   * @param {HTMLButtonElement} toggle
   * @param {Feed} feed
   */
  constructor(panel, toggle, feed) {
    this.#panel = panel
    this.#toggle = toggle
    this.#feed = feed
    panel.append(
      element('h2', { id: 'weather-title' }, 'Weather'),
      element('p', {}, 'Give a simulated provider a fault, also while it answers. It holds from its next request on.'),
      this.#list,
      element(
        'p',
        { class: 'tools' },
        button('Calm everywhere', () => void this.calm().catch(this.#tell), { class: 'quiet' }),
      ),
      this.#note,
    )
    toggle.addEventListener('click', () => {
      this.show(panel.hidden === true)
    })
    for (const part of [panel, toggle]) {
      part.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape' || panel.hidden) return
        // The same key stops an answer.
        event.stopPropagation()
        this.show(false)
        toggle.focus()
      })
    }
    feed.addEventListener('providers', () => {
      this.#draw()
    })
    setInterval(() => {
      if (!panel.hidden) this.#words()
    }, 500)
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#panel.hidden = !isShown
    this.#toggle.setAttribute('aria-expanded', String(isShown))
    if (isShown) void this.#load().catch(this.#tell)
  }

  /** No provider has a fault, and every circuit is closed. */
  async calm() {
    const response = await fetch('/api/faults', { method: 'DELETE' })
    if (!response.ok) throw new Error(`The weather did not change: the server answered ${response.status}.`)
  }

  /**
   * @param {string} provider
   * @param {string | null} fault
   * @param {number} [times] After so many requests it passes
   */
  async set(provider, fault, times) {
    const body = JSON.stringify({ provider, fault, times })
    const response = await fetch('/api/faults', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body,
    })
    if (!response.ok)
      throw new Error(`The fault was not set: ${(await response.json()).error?.message ?? response.status}`)
  }

  /** What went wrong. @param {unknown} error */
  #tell = (error) => {
    this.#note.textContent = error instanceof Error ? error.message : String(error)
  }

  async #load() {
    if (this.#faults.length > 0) return
    const { faults } = await (await fetch('/api/faults')).json()
    this.#faults = faults
    this.#draw()
  }

  #draw() {
    if (this.#faults.length === 0) return
    const simulated = this.#feed.providers.filter((provider) => provider.simulated)
    if (simulated.length !== this.#rows.size) {
      this.#rows = new Map(simulated.map(({ id, name }) => [id, this.#row(id, name)]))
      this.#list.replaceChildren(...[...this.#rows.values()].map(({ row }) => row))
    }
    for (const { id, fault = '', health } of simulated) {
      const { choice, row } = this.#rows.get(id) ?? {}
      if (!choice || !row) continue
      row.dataset.health = health
      row.toggleAttribute('data-fault', fault !== '')
      // A fault that was set elsewhere may have no name here.
      if (document.activeElement !== choice || choice.value === fault) choice.value = fault
    }
    this.#words()
  }

  #words() {
    const passedMs = performance.now() - this.#feed.at
    for (const provider of this.#feed.providers) {
      const { state } = this.#rows.get(provider.id) ?? {}
      // The dot says it of those that are well.
      const words = provider.health === 'well' ? '' : stateOf(provider, passedMs)
      if (state && state.textContent !== words) state.textContent = words
    }
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  #row(id, name) {
    const choice = element(
      'select',
      { id: `fault-${id}` },
      element('option', { value: '' }, 'no fault'),
      ...this.#faults.map((fault) => element('option', { value: fault.name }, fault.label)),
    )
    choice.addEventListener('change', () => {
      this.set(id, choice.value === '' ? null : choice.value).then(() => {
        this.#note.textContent = `From its next request on, ${name} ${choice.value === '' ? 'has no fault' : (choice.selectedOptions[0]?.textContent ?? '')}.`
      }, this.#tell)
    })
    const state = element('span', { class: 'state' })
    const row = element(
      'li',
      {},
      element('span', { class: 'dot' }),
      element('label', { for: `fault-${id}` }, name),
      element('span', { class: 'pick' }, choice),
      state,
    )
    return { choice, row, state }
  }
}
