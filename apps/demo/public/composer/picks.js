import { element } from '../elements.js'

/**
 * @typedef {import('../api.js').Catalog} Catalog
 * @typedef {import('../api.js').Provider} Provider
 * @typedef {import('../conversation/conversation.js').Choice} Choice
 */

/** Two selects: a provider, and one of its models. */
export class Picks {
  /** @type {Catalog} */
  #catalog = { models: [], providers: [] }
  #provider
  #model
  #onChange

  /**
   * @param {HTMLSelectElement} provider
   * @param {HTMLSelectElement} model
   * @param {() => void} onChange
   */
  constructor(provider, model, onChange) {
    this.#provider = provider
    this.#model = model
    this.#onChange = onChange
    provider.addEventListener('change', () => {
      this.#showModels()
    })
    model.addEventListener('change', onChange)
  }

  /** @param {Catalog} catalog */
  setCatalog(catalog) {
    this.#catalog = catalog
    const { providers } = catalog
    const isMixed = providers.some(({ simulated }) => simulated) && providers.some(({ simulated }) => !simulated)
    const options = providers.map(({ id, name, simulated }) =>
      element('option', { value: id }, isMixed && simulated ? `${name} (simulated)` : name),
    )
    this.#provider.replaceChildren(element('option', { value: '' }, 'Any provider'), ...options)
    this.#showModels()
  }

  /** The provider that is asked alone, if one is. */
  get provider() {
    return this.#catalog.providers.find(({ id }) => id === this.#provider.value)
  }

  /** The model of that provider, as far as it is known. */
  get model() {
    return this.provider?.models.find(({ id }) => id === this.#model.value)
  }

  /** @returns {Choice} */
  get choice() {
    const provider = this.#provider.value
    return { model: this.#model.value, ...(provider !== '' && { provider }) }
  }

  /** @param {string} provider An id, or '' for any */
  choose(provider) {
    this.#provider.value = provider
    this.#showModels()
  }

  #showModels() {
    const models = this.provider?.models ?? this.#catalog.models
    const before = this.#model.value
    this.#model.replaceChildren(...models.map(({ id, name }) => element('option', { value: id }, name ?? id)))
    if (models.some(({ id }) => id === before)) this.#model.value = before
    this.#onChange()
  }
}
