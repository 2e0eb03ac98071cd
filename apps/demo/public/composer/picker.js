import { byId } from '../elements.js'
import { helpFor } from './help.js'
import { Picks } from './picks.js'

/**
 * @typedef {import('../api.js').Catalog} Catalog
 * @typedef {import('../conversation/conversation.js').Choice} Choice
 */

/** The selection of a provider and a model, and of a second pair to compare them with. */
export class Picker {
  #hint = byId('hint', HTMLElement)
  #first = new Picks(byId('provider', HTMLSelectElement), byId('model', HTMLSelectElement), () => {
    this.#showHelp()
  })
  #second = new Picks(byId('provider-2', HTMLSelectElement), byId('model-2', HTMLSelectElement), () => undefined)
  #rival = byId('rival', HTMLElement)
  #compare = byId('compare', HTMLButtonElement)
  /** @type {Catalog} */
  #catalog = { models: [], providers: [] }

  constructor() {
    this.#compare.addEventListener('click', () => {
      this.#setComparing(this.#rival.hidden === true)
    })
  }

  /** @param {Catalog} catalog */
  setCatalog(catalog) {
    this.#catalog = catalog
    this.#first.setCatalog(catalog)
    this.#second.setCatalog(catalog)
  }

  /**
   * Who is asked: one, or two at once.
   *
   * @returns {Choice[]}
   */
  get choices() {
    return this.#rival.hidden ? [this.#first.choice] : [this.#first.choice, this.#second.choice]
  }

  /** Selects any provider that serves the model. */
  chooseAnyProvider() {
    this.#first.choose('')
  }

  /** @param {string} id */
  nameOf(id) {
    const provider = this.#catalog.providers.find((known) => known.id === id)
    if (!provider) return id
    return provider.simulated ? `${provider.name} (simulated)` : provider.name
  }

  /** @param {boolean} now */
  #setComparing(now) {
    this.#rival.hidden = !now
    this.#compare.setAttribute('aria-pressed', String(now))
    if (now) {
      const { providers } = this.#catalog
      if (this.#first.provider === undefined) this.#first.choose(providers[0]?.id ?? '')
      // Two that differ are worth comparing.
      const known = this.#first.provider?.models.map(({ id }) => id) ?? []
      const other = providers.find(({ models }) => models.every(({ id }) => !known.includes(id)))
      this.#second.choose(other?.id ?? '')
    }
    this.#showHelp()
  }

  #showHelp() {
    this.#hint.textContent = this.#rival.hidden
      ? helpFor(this.#first.provider, this.#first.model)
      : 'Both are asked the same at the same time, and each goes on with its own answer.'
  }
}
