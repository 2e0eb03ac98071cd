import { button, byId, element } from '../elements.js'
import { toJson, toMarkdown } from './export.js'
import { saveFile } from './save-file.js'

/**
 * @typedef {import('./conversation.js').Conversation} Conversation
 * @typedef {import('./conversation.js').Turn} Turn
 */

/** The list of the conversations that are kept: opened, searched, renamed, deleted, saved as files. */
export class Library {
  #dialog = byId('library', HTMLDialogElement)
  #search = byId('library-search', HTMLInputElement)
  #list = byId('library-list', HTMLUListElement)
  #empty = byId('library-empty', HTMLElement)
  /** Counts the searches: an older one must not replace what a newer one has found. */
  #asked = 0
  #store
  #actions

  /**
   * @param {import('./store.js').Store} store
   * @param {{
   *   current: () => string,
   *   open: (conversation: Conversation, turns: Turn[]) => void,
   *   renamed: (conversation: Conversation) => void,
   *   removed: (id: string) => void,
   * }} actions
   */
  constructor(store, actions) {
    this.#store = store
    this.#actions = actions
    byId('open-library', HTMLButtonElement).addEventListener('click', () => {
      this.#search.value = ''
      void this.#show()
      this.#dialog.showModal()
    })
    byId('close-library', HTMLButtonElement).addEventListener('click', () => {
      this.#dialog.close()
    })
    // A click beside the list closes it.
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close()
    })
    this.#search.addEventListener('input', () => void this.#show())
  }

  async #show() {
    const asked = ++this.#asked
    const wanted = this.#search.value.trim()
    try {
      const [all, found] = await Promise.all([
        this.#store.list(),
        wanted === '' ? undefined : this.#store.search(wanted),
      ])
      if (asked !== this.#asked) return
      const isMatch = (/** @type {Conversation} */ { id, title }) =>
        found === undefined || found.has(id) || title.toLowerCase().includes(wanted.toLowerCase())
      const shown = all.filter(isMatch)
      this.#list.replaceChildren(...shown.map((conversation) => this.#item(conversation)))
      this.#empty.hidden = shown.length > 0
      this.#empty.textContent =
        wanted === '' ? 'Nothing is kept yet. What you ask will be here.' : `Nothing has “${wanted}” in it.`
    } catch {
      this.#list.replaceChildren()
      this.#empty.hidden = false
      this.#empty.textContent = 'This browser keeps nothing for this page, as in some private windows.'
    }
  }

  /** @param {Conversation} conversation */
  #item(conversation) {
    const { id, title, changedMs } = conversation
    const name = element('span', { class: 'title', dir: 'auto' }, title)
    const date = element('time', { datetime: new Date(changedMs).toISOString() }, whenOf(changedMs))
    const open = button('', () => void this.#open(id), { class: 'open' })
    open.append(name, date)
    if (id === this.#actions.current()) open.setAttribute('aria-current', 'true')
    const actions = element(
      'div',
      { class: 'actions' },
      button(
        'Rename',
        () => {
          this.#rename(item, conversation)
        },
        QUIET,
      ),
      button('Markdown', () => void this.#export(id, 'md'), { ...QUIET, 'aria-label': 'Save as Markdown' }),
      button('JSON', () => void this.#export(id, 'json'), { ...QUIET, 'aria-label': 'Save as JSON' }),
      this.#deleteButton(id),
    )
    actions.hidden = true
    const more = button(
      '⋯',
      () => {
        actions.hidden = !actions.hidden
        more.setAttribute('aria-expanded', String(!actions.hidden))
      },
      { class: 'quiet more', 'aria-expanded': 'false', 'aria-label': `More about “${title}”` },
    )
    const item = element('li', {}, open, more, actions)
    return item
  }

  /** @param {string} id */
  async #open(id) {
    const kept = await this.#store.read(id)
    if (kept) this.#actions.open(kept.conversation, kept.turns)
    this.#dialog.close()
  }

  /**
   * @param {HTMLElement} item
   * @param {Conversation} conversation
   */
  #rename(item, conversation) {
    const input = element('input', { type: 'text', value: conversation.title, 'aria-label': 'Title', maxlength: '120' })
    const form = element(
      'form',
      { class: 'rename' },
      input,
      button(
        'Save',
        () => {
          form.requestSubmit()
        },
        QUIET,
      ),
    )
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#renameTo(conversation, input.value.trim())
    })
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      // It ends the renaming, and not the list.
      event.preventDefault()
      void this.#show()
    })
    item.replaceChildren(form)
    input.focus()
    input.select()
  }

  /**
   * @param {Conversation} conversation
   * @param {string} title
   */
  async #renameTo(conversation, title) {
    if (title !== '') {
      const renamed = { ...conversation, title }
      await this.#store.write(renamed)
      this.#actions.renamed(renamed)
    }
    await this.#show()
  }

  /**
   * Asks once more by its label.
   *
   * @param {string} id
   */
  #deleteButton(id) {
    let isSure = false
    const made = button(
      'Delete',
      () => {
        if (isSure) void this.#remove(id)
        isSure = true
        made.textContent = 'Delete for good'
      },
      QUIET,
    )
    return made
  }

  /** @param {string} id */
  async #remove(id) {
    await this.#store.remove(id)
    this.#actions.removed(id)
    await this.#show()
    this.#search.focus()
  }

  /**
   * @param {string} id
   * @param {'md' | 'json'} kind
   */
  async #export(id, kind) {
    const kept = await this.#store.read(id)
    if (!kept) return
    const { conversation, turns } = kept
    saveFile(conversation.title, kind, kind === 'md' ? toMarkdown(conversation, turns) : toJson(conversation, turns))
  }
}

const QUIET = { class: 'quiet' }

const DAY_MS = 86_400_000

/** @param {number} ms */
function whenOf(ms) {
  const isToday = Date.now() - ms < DAY_MS && new Date(ms).getDate() === new Date().getDate()
  const format = isToday
    ? { timeStyle: /** @type {const} */ ('short') }
    : { dateStyle: /** @type {const} */ ('medium') }
  return new Intl.DateTimeFormat('en', format).format(ms)
}
