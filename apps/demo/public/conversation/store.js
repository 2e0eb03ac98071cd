/**
 * The conversations in this browser, in IndexedDB. Where that is missing, as in some private windows, every call rejects.
 *
 * @typedef {import('./conversation.js').Conversation} Conversation
 * @typedef {import('./conversation.js').Turn} Turn
 */

const NAME = 'rivulet'
const VERSION = 1

export class Store {
  /** @type {Promise<IDBDatabase> | undefined} */
  #opened

  /** @param {string} [name] */
  constructor(name = NAME) {
    this.#opened = opened(name)
    // Each use reports it.
    this.#opened.catch(() => undefined)
  }

  /** @returns {Promise<Conversation[]>} the last changed one first */
  async list() {
    /** @type {Conversation[]} */
    const all = await this.#do('readonly', ({ conversations }) => conversations.getAll())
    return all.toSorted((one, other) => other.changedMs - one.changedMs)
  }

  /**
   * @param {string} id
   * @returns {Promise<{ conversation: Conversation, turns: Turn[] } | undefined>}
   */
  async read(id) {
    /** @type {Conversation | undefined} */
    const conversation = await this.#do('readonly', ({ conversations }) => conversations.get(id))
    /** @type {Turn[]} */
    const turns = await this.#do('readonly', (stores) => stores.turns.getAll(allOf(id)))
    return conversation && { conversation, turns }
  }

  /**
   * Writes a conversation and those of its turns that have changed, all or nothing.
   *
   * @param {Conversation} conversation
   * @param {...Turn} changed
   */
  async write(conversation, ...changed) {
    await this.#do('readwrite', ({ conversations, turns }) => {
      for (const turn of changed) turns.put(turn)
      return conversations.put(conversation)
    })
  }

  /**
   * Removes the turns from an index on.
   *
   * @param {string} id
   * @param {number} index
   */
  async cut(id, index) {
    await this.#do('readwrite', ({ turns }) => turns.delete(IDBKeyRange.bound([id, index], [id, Infinity])))
  }

  /** @param {string} id */
  async remove(id) {
    await this.#do('readwrite', ({ conversations, turns }) => {
      turns.delete(allOf(id))
      return conversations.delete(id)
    })
  }

  /**
   * The ids of the conversations that contain a text, in a question or an answer.
   *
   * @param {string} text
   * @returns {Promise<Set<string>>}
   */
  async search(text) {
    const wanted = text.toLowerCase()
    const found = new Set()
    const cursor = (/** @type {IDBCursorWithValue} */ at) => {
      /** @type {Turn} */
      const { conversation, question, answers } = at.value
      const texts = [question.text, ...answers.flatMap(({ messages }) => messages.map(textOfMessage))]
      if (!found.has(conversation) && texts.some((each) => each.toLowerCase().includes(wanted))) found.add(conversation)
    }
    await this.#do('readonly', ({ turns }) => eachOf(turns.openCursor(), cursor))
    return found
  }

  /**
   * @template Result
   * @param {IDBTransactionMode} mode
   * @param {(stores: { conversations: IDBObjectStore, turns: IDBObjectStore }) => IDBRequest<Result>} act
   * @returns {Promise<Result>}
   */
  async #do(mode, act) {
    const transaction = (await this.#opened)?.transaction(['conversations', 'turns'], mode)
    if (transaction === undefined) throw new Error('There is no database.')
    const request = act({
      conversations: transaction.objectStore('conversations'),
      turns: transaction.objectStore('turns'),
    })
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => {
        resolve(request.result)
      }
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('The browser keeps nothing.'))
      }
    })
  }
}

/** @param {string} id */
const allOf = (id) => IDBKeyRange.bound([id, 0], [id, Infinity])

/**
 * @param {IDBRequest<IDBCursorWithValue | null>} request
 * @param {(cursor: IDBCursorWithValue) => void} visit
 */
function eachOf(request, visit) {
  request.onsuccess = () => {
    if (!request.result) return
    visit(request.result)
    request.result.continue()
  }
  return request
}

/** @param {import('@rivulet/core').Message} message */
const textOfMessage = ({ content }) =>
  typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('')

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
function opened(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('conversations', { keyPath: 'id' })
      request.result.createObjectStore('turns', { keyPath: ['conversation', 'index'] })
    }
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error('The browser keeps nothing.'))
    }
  })
}
