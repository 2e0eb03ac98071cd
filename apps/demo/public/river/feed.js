/**
 * @typedef {import('../../src/watch/watch.ts').WatchEvent} WatchEvent
 * @typedef {import('../../src/watch/watch.ts').ProviderState} ProviderState
 * @typedef {import('../../src/watch/answer-report.ts').AnswerReport} AnswerReport
 * @typedef {import('../../src/watch/answer-report.ts').Moment} Moment
 */

/** How many answers are remembered. */
const MAX_REPORTS = 100

/**
 * What the server tells of its providers and answers while the page is open. Beside the events of the server there are `lost` and
 * `found`, when the connection is.
 */
export class Feed extends EventTarget {
  /** Every provider, in the order in which they are asked. @type {readonly ProviderState[]} */
  providers = []
  /** When `providers` came, on the clock of `performance.now()`. */
  at = 0
  /** @type {Map<string, AnswerReport>} */
  #reports = new Map()
  /** @type {Map<string, (report: AnswerReport) => void>} */
  #watched = new Map()

  /** Begins to listen. The browser connects again by itself. */
  open() {
    const source = new EventSource('/api/events')
    source.addEventListener('open', () => {
      this.dispatchEvent(new Event('found'))
    })
    source.addEventListener('error', () => {
      this.dispatchEvent(new Event('lost'))
    })
    for (const type of ['providers', 'traffic', 'report', 'moment']) {
      source.addEventListener(type, (event) => {
        if (event instanceof MessageEvent) this.#hear(type, JSON.parse(event.data))
      })
    }
  }

  /**
   * The name of a provider; its id until the providers are known.
   *
   * @param {string} id
   */
  providerOf(id) {
    return this.providers.find((provider) => provider.id === id) ?? { name: id, simulated: false }
  }

  /**
   * Calls back with the report of an answer, now and whenever it changes.
   *
   * @param {string} id
   * @param {(report: AnswerReport) => void} onReport
   * @returns {() => void} Ends it: a server that was started anew tells no more of older answers
   */
  watch(id, onReport) {
    const known = this.#reports.get(id)
    if (known) onReport(known)
    if (!known || known.state === 'running') this.#watched.set(id, onReport)
    return () => {
      this.#watched.delete(id)
    }
  }

  /**
   * @param {'moment'} type
   * @param {(moment: Moment) => void} listener
   */
  onMoment(type, listener) {
    this.addEventListener(type, (event) => {
      if (event instanceof CustomEvent) listener(event.detail.moment)
    })
  }

  /**
   * @param {string} type
   * @param {any} data
   */
  #hear(type, data) {
    if (type === 'providers') {
      this.providers = data.providers
      this.at = performance.now()
    } else if (type === 'report') this.#reported(data.report)
    this.dispatchEvent(new CustomEvent(type, { detail: data }))
  }

  /** @param {AnswerReport} report */
  #reported(report) {
    this.#reports.set(report.id, report)
    const [oldest] = this.#reports.keys()
    if (this.#reports.size > MAX_REPORTS && oldest !== undefined) this.#reports.delete(oldest)
    this.#watched.get(report.id)?.(report)
    if (report.state !== 'running') this.#watched.delete(report.id)
  }
}
