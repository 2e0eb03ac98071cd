import { element } from '../elements.js'
import { breakAt, linesOf, switchAt, widthOf } from './geometry.js'
import { briefStateOf, labelOf, sentenceOf, stateOf } from './sentences.js'

/**
 * @typedef {import('./feed.js').Feed} Feed
 * @typedef {import('./feed.js').Moment} Moment
 * @typedef {import('./feed.js').ProviderState} ProviderState
 */

/** How long a label stays, in milliseconds. */
const LABEL_MS = 7000
/** How many labels there are at a time. */
const MAX_LABELS = 10
/** In this time a rate that has changed is nearly reached, in milliseconds. */
const SETTLE_MS = 220
/** After so long without a token the streams stand still, in milliseconds. */
const REST_MS = 500
/** How far a drop travels for each token, in pixels. */
const PER_TOKEN = 1.1

/** The stream of one provider. */
class Stream {
  /** Tokens per second, as they come. */
  rate = 0
  /** The rate that is drawn. */
  shown = 0
  line = svg('path', { class: 'line', pathLength: '100' })
  drops = svg('path', { class: 'drops' })
  group = svg('g', { class: 'stream' })
  name = element('span', { class: 'name' })
  state = element('span', { class: 'state' })
  row = element('li', {}, element('span', { class: 'dot' }), this.name, this.state)
  travelled = 0

  constructor() {
    this.group.append(this.line, this.drops)
  }
}

/** The picture of the providers: streams that join. Everything that it shows is also in its list and its caption, as text. */
export class River {
  #feed
  #list = element('ul', { class: 'banks' })
  #picture = svg('svg', { class: 'bed', 'aria-hidden': 'true' })
  #labels = svg('g', { class: 'labels' })
  #caption = element('p', { class: 'caption', role: 'status' })
  /** @type {Map<string, Stream>} */
  #streams = new Map()
  /** @type {import('./geometry.js').Bed} */
  #bed = { width: 0, height: 0, rows: [] }
  #still = matchMedia('(prefers-reduced-motion: reduce)')
  #frame = 0
  #drawnAt = 0
  /** When tokens came last. */
  #flowedAt = 0

  /**
   * @param {HTMLElement} root
   * @param {Feed} feed
   */
  constructor(root, feed) {
    this.#feed = feed
    this.#picture.append(this.#labels)
    root.append(this.#list, this.#picture, this.#caption)
    feed.addEventListener('providers', () => {
      this.#show(feed.providers)
    })
    feed.addEventListener('traffic', (event) => {
      if (event instanceof CustomEvent) this.#flow(event.detail.pieces, event.detail.ms)
    })
    feed.addEventListener('lost', () => {
      root.setAttribute('data-lost', '')
      this.say('The server of this page cannot be reached. What is shown is what it told last.')
    })
    feed.addEventListener('found', () => {
      if (root.hasAttribute('data-lost')) this.say('The server of this page is there again.')
      root.removeAttribute('data-lost')
    })
    feed.onMoment('moment', (moment) => {
      this.#tell(moment)
    })
    new ResizeObserver(() => {
      this.#measure()
    }).observe(root)
    // The countdowns of open circuits, and streams that fall silent.
    setInterval(() => {
      this.#rest()
    }, REST_MS)
  }

  /** Whether its sentences are announced: on the stage, the story is. @param {boolean} isHushed */
  hush(isHushed) {
    this.#caption.setAttribute('aria-live', isHushed ? 'off' : 'polite')
  }

  /** Writes a sentence in place of what happened last. @param {string} text */
  say(text) {
    this.#caption.textContent = text
  }

  /** @param {readonly ProviderState[]} providers */
  #show(providers) {
    const isSame = providers.length === this.#streams.size && providers.every(({ id }) => this.#streams.has(id))
    if (!isSame) {
      this.#streams = new Map(providers.map(({ id }) => [id, this.#streams.get(id) ?? new Stream()]))
      this.#list.replaceChildren(...[...this.#streams.values()].map(({ row }) => row))
      this.#picture.replaceChildren(...[...this.#streams.values()].map(({ group }) => group), this.#labels)
    }
    for (const { id, name, health, running, fault } of providers) {
      const { row, group, name: label } = this.stream(id)
      if (label.textContent !== name) label.textContent = name
      for (const part of [row, group]) {
        part.dataset.health = health
        part.toggleAttribute('data-running', running > 0)
        part.toggleAttribute('data-fault', fault !== undefined)
      }
    }
    this.#words()
    if (!isSame) this.#measure()
    else this.#draw()
  }

  /** @param {string} id */
  stream(id) {
    const known = this.#streams.get(id)
    if (known) return known
    throw new Error(`The river has no stream "${id}".`)
  }

  /**
   * Tokens that came lately.
   *
   * @param {Record<string, number>} pieces
   * @param {number} ms In how long
   */
  #flow(pieces, ms) {
    this.#flowedAt = performance.now()
    for (const [id, stream] of this.#streams) {
      const now = ((pieces[id] ?? 0) * 1000) / ms
      // Tokens come in bursts: what is shown is their mean.
      stream.rate = now === 0 ? stream.rate * 0.7 : stream.rate * 0.7 + now * 0.3
    }
    this.#words()
    this.#draw()
  }

  /** A stream that has fallen silent stands still. */
  #rest() {
    const streams = [...this.#streams.values()]
    if (performance.now() - this.#flowedAt >= REST_MS && streams.some(({ rate }) => rate > 0)) {
      for (const stream of streams) stream.rate = 0
      this.#draw()
    }
    this.#words()
  }

  #words() {
    const passedMs = performance.now() - this.#feed.at
    const { providers } = this.#feed
    const isMixed = providers.some(({ simulated }) => simulated !== providers[0]?.simulated)
    for (const provider of providers) {
      const stream = this.#streams.get(provider.id)
      if (!stream) continue
      if (provider.running === 0) stream.rate = 0
      const words = briefStateOf(provider, { rate: stream.rate, passedMs, isMixed })
      if (stream.state.textContent !== words) stream.state.textContent = words
      stream.row.title = stateOf(provider, passedMs)
    }
  }

  /** @param {Moment} moment */
  #tell(moment) {
    const nameOf = (/** @type {string} */ id) => this.#feed.providerOf(id).name
    this.say(sentenceOf(moment, nameOf))
    const ids = [...this.#streams.keys()]
    const isBreak = moment.kind === 'broke' || moment.kind === 'overtaken'
    const broken = isBreak ? this.#streams.get(moment.from)?.group : undefined
    broken?.setAttribute('data-broken', moment.kind)
    const { x, y } = isBreak ? breakAt(this.#bed, ids.indexOf(moment.from)) : switchAt(this.#bed)
    const label = svg('text', {
      class: `label ${moment.kind}`,
      x: String(x),
      y: String(isBreak ? y + 4 : y + 32),
    })
    label.textContent = labelOf(moment)
    // The river has room for one; each stream has its own.
    if (!isBreak) for (const old of this.#labels.querySelectorAll('.switched, .down')) old.remove()
    this.#labels.append(label)
    if (x + label.getComputedTextLength() > this.#bed.width - 8) {
      label.setAttribute('x', String(this.#bed.width - 8))
      label.setAttribute('text-anchor', 'end')
    }
    if (this.#labels.childElementCount > MAX_LABELS) this.#labels.firstElementChild?.remove()
    // A break that was told long ago is not news.
    setTimeout(() => {
      label.remove()
      broken?.removeAttribute('data-broken')
    }, LABEL_MS)
  }

  #measure() {
    const { width, height, top } = this.#picture.getBoundingClientRect()
    const rows = [...this.#streams.values()].map(({ row }) => {
      const box = row.getBoundingClientRect()
      return box.top + box.height / 2 - top
    })
    this.#bed = { width, height, rows }
    this.#picture.setAttribute('viewBox', `0 0 ${width} ${height}`)
    this.#draw()
  }

  #draw() {
    if (this.#still.matches) {
      for (const stream of this.#streams.values()) stream.shown = stream.rate
      this.#paint()
    } else
      this.#frame ||= requestAnimationFrame((now) => {
        this.#step(now)
      })
  }

  /** @param {number} now */
  #step(now) {
    const passed = Math.min(50, now - this.#drawnAt)
    this.#drawnAt = now
    this.#frame = 0
    let isMoving = false
    for (const stream of this.#streams.values()) {
      stream.shown += (stream.rate - stream.shown) * Math.min(1, passed / SETTLE_MS)
      stream.travelled += ((stream.shown * PER_TOKEN + (stream.shown > 1 ? 24 : 0)) * passed) / 1000
      if (stream.shown < 0.3) stream.shown = stream.rate
      isMoving ||= stream.shown > 0
    }
    this.#paint()
    if (isMoving) this.#draw()
  }

  #paint() {
    const streams = [...this.#streams.values()]
    const widths = streams.map(({ shown }) => widthOf(shown))
    const lines = linesOf(this.#bed, widths)
    for (const [index, { line, drops, shown, travelled }] of streams.entries()) {
      const path = lines[index] ?? ''
      line.setAttribute('d', path)
      line.setAttribute('stroke-width', String(widths[index]))
      drops.setAttribute('d', shown > 1 ? path : '')
      drops.setAttribute('stroke-dashoffset', String(-travelled))
    }
  }
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 */
function svg(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}
