import { byId, element } from './elements.js'

/**
 * @typedef {import('./api.js').Catalog} Catalog
 * @typedef {import('./api.js').Provider} Provider
 */

/** The selection of provider and model. */
export class Picker {
  #provider = byId('provider', HTMLSelectElement)
  #model = byId('model', HTMLSelectElement)
  #hint = byId('hint', HTMLElement)
  /** @type {Catalog} */
  #catalog = { models: [], providers: [] }

  constructor() {
    this.#provider.addEventListener('change', () => {
      this.#showModels()
    })
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

  /** @returns {{ model: string, provider?: string }} */
  choice() {
    const provider = this.#provider.value
    return { model: this.#model.value, ...(provider !== '' && { provider }) }
  }

  /** Whether a single provider is selected. */
  get hasProvider() {
    return this.#provider.value !== ''
  }

  /** Selects any provider that serves the model. */
  chooseAnyProvider() {
    this.#provider.value = ''
    this.#showModels()
  }

  /** @param {string} id */
  nameOf(id) {
    const provider = this.#catalog.providers.find((known) => known.id === id)
    if (!provider) return id
    return provider.simulated ? `${provider.name} (simulated)` : provider.name
  }

  #showModels() {
    const provider = this.#catalog.providers.find(({ id }) => id === this.#provider.value)
    const models = provider?.models ?? this.#catalog.models
    const before = this.#model.value
    this.#model.replaceChildren(
      ...models.map(({ id, name }) => element('option', { value: id }, id === 'any' && name ? name : id)),
    )
    if (models.some(({ id }) => id === before)) this.#model.value = before
    this.#hint.textContent = provider?.supports ?? ''
    // The full text, if the line is too short for it.
    this.#hint.title = provider?.supports ?? ''
  }
}
