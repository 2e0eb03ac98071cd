import { byId } from '../elements.js'

/** @typedef {import('../conversation/conversation.js').Settings} Settings */

/** The instructions and parameters of a conversation. */
export class SettingsDialog {
  #dialog = byId('settings', HTMLDialogElement)
  #form = byId('settings-form', HTMLFormElement)
  #system = byId('system', HTMLTextAreaElement)
  #temperature = byId('temperature', HTMLInputElement)
  #topP = byId('top-p', HTMLInputElement)
  #maxTokens = byId('max-tokens', HTMLInputElement)
  #tools = byId('tools', HTMLInputElement)
  #button = byId('open-settings', HTMLButtonElement)

  /** @param {{ current: () => Settings, changed: (settings: Settings) => void }} page */
  constructor({ current, changed }) {
    this.#button.addEventListener('click', () => {
      this.#fill(current())
      this.#dialog.showModal()
    })
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      changed(this.#read())
      this.#dialog.close()
    })
    byId('close-settings', HTMLButtonElement).addEventListener('click', () => {
      this.#dialog.close()
    })
  }

  /**
   * Shows whether anything is set.
   *
   * @param {Settings} settings
   */
  mark({ system, tools, ...numbers }) {
    const isSet = system.trim() !== '' || tools || Object.values(numbers).some((value) => value !== undefined)
    this.#button.classList.toggle('is-set', isSet)
    this.#button.setAttribute(
      'aria-label',
      isSet ? 'Settings of this conversation (changed)' : 'Settings of this conversation',
    )
  }

  /** @param {Settings} settings */
  #fill({ system, tools, temperature, topP, maxTokens }) {
    this.#system.value = system
    this.#tools.checked = tools
    this.#temperature.value = String(temperature ?? '')
    this.#topP.value = String(topP ?? '')
    this.#maxTokens.value = String(maxTokens ?? '')
  }

  /** @returns {Settings} */
  #read() {
    const number = (/** @type {HTMLInputElement} */ { value, valueAsNumber }) =>
      value === '' ? undefined : valueAsNumber
    const [temperature, topP, maxTokens] = [this.#temperature, this.#topP, this.#maxTokens].map(number)
    return {
      system: this.#system.value,
      tools: this.#tools.checked,
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
      ...(maxTokens !== undefined && { maxTokens }),
    }
  }
}
