import type { Clock } from '@rivulet/core'
import { checkOptions, checkPositive } from '@rivulet/core/provider'
import type { HoldMode } from '../answer/hold.ts'
import { checkHold } from '../options.ts'
import { Refused } from '../request/refused.ts'
import { areEqual, bytesOfHash, digestOf, type GatewayKey, idOf, isKeyId } from './key.ts'

/** A client that was let in, and its rights. */
export interface Visitor {
  /** `''` where no keys are configured. */
  readonly id: string
  readonly hold: HoldMode | undefined
  may(model: string): boolean
  /** The request has ended. */
  leave(): void
}

/** Lets in whoever may ask. */
export interface Door {
  /** Whether a key is asked for. */
  readonly isGuarded: boolean
  /** @throws Refused 401 for a credential that is not a key, 429 for a key that has reached a limit. */
  admit(credential: string | undefined): Promise<Visitor>
}

const ANYBODY: Visitor = { id: '', hold: undefined, may: () => true, leave: () => undefined }

/** @throws TypeError for a key that is not one. */
export function doorFor(keys: string | readonly GatewayKey[] | undefined, clock: Clock): Door {
  if (keys === undefined) return { isGuarded: false, admit: () => Promise.resolve(ANYBODY) }
  if (typeof keys !== 'string') return new GuardedDoor(checkKeys(keys), clock)
  if (keys.trim() === '') throw new TypeError('gateway: keys must not be an empty text: leave it out to ask for none.')
  const id = idOf(keys)
  return new GuardedDoor([{ id, hash: digestOf(keys.trim()) }], clock)
}

type Checked = Omit<GatewayKey, 'hash'> & { hash: Promise<Uint8Array> | Uint8Array }

const FIELDS: Readonly<Record<keyof GatewayKey, true>> = {
  id: true,
  hash: true,
  models: true,
  expires: true,
  requests: true,
  concurrent: true,
  hold: true,
}

function checkKeys(keys: readonly GatewayKey[]): Checked[] {
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError('gateway: keys must be a text or a list of keys.')
  const ids = new Set<string>()
  return keys.map((key: GatewayKey, index) => {
    const at = `gateway: keys[${index}]`
    checkOptions(at, key, FIELDS)
    const { id, hash, requests, concurrent, expires, hold } = key
    if (!isKeyId(id) || ids.has(id)) throw new TypeError(`${at}: id must be letters, digits and "-", and its own.`)
    ids.add(id)
    checkPositive(at, { concurrent, expires, 'requests.limit': requests?.limit, 'requests.perMs': requests?.perMs })
    if (hold !== undefined) checkHold(`${at}: hold`, hold)
    return { ...key, hash: bytesOfHash(`${at}: hash`, hash) }
  })
}

/** The use that is made of a key, in memory. */
interface Use {
  readonly key: Checked
  underWay: number
  /** Requests since `since`. */
  asked: number
  since: number
}

class GuardedDoor implements Door {
  readonly isGuarded = true
  readonly #uses: ReadonlyMap<string, Use>
  readonly #clock: Clock
  /** A key that is unknown is compared with this, so that it takes as long as any other. */
  readonly #unknown: Use = { key: { id: '', hash: new Uint8Array(32) }, underWay: 0, asked: 0, since: 0 }

  constructor(keys: readonly Checked[], clock: Clock) {
    this.#clock = clock
    this.#uses = new Map(keys.map((key) => [key.id, { key, underWay: 0, asked: 0, since: clock.now() }]))
  }

  async admit(credential: string | undefined): Promise<Visitor> {
    const key = credential ?? ''
    const use = this.#uses.get(idOf(key)) ?? this.#uses.get('') ?? this.#unknown
    const isKnown = areEqual(await digestOf(key), await use.key.hash)
    const hasEnded = (use.key.expires ?? Infinity) <= Date.now() / 1000
    if (!isKnown || hasEnded || use === this.#unknown) {
      throw new Refused(401, 'the key is missing, unknown or has ended: send it as authorization: Bearer <key>')
    }
    this.#count(use)
    const { id, models, hold } = use.key
    let isHere = true
    return {
      id,
      hold,
      may: (model) => models === undefined || models.includes(model),
      leave: () => {
        if (isHere) use.underWay--
        isHere = false
      },
    }
  }

  #count(use: Use): void {
    const { concurrent = Infinity, requests } = use.key
    if (use.underWay >= concurrent) {
      throw new Refused(429, `the key has ${use.underWay} requests under way, as many as it may`, {
        'retry-after': '1',
      })
    }
    if (requests !== undefined) {
      const now = this.#clock.now()
      if (now - use.since >= requests.perMs) Object.assign(use, { asked: 0, since: now })
      if (use.asked >= requests.limit) {
        const seconds = String(Math.ceil((use.since + requests.perMs - now) / 1000))
        throw new Refused(429, `the key has made its ${requests.limit} requests: ask again in ${seconds} s`, {
          'retry-after': seconds,
        })
      }
      use.asked++
    }
    use.underWay++
  }
}
