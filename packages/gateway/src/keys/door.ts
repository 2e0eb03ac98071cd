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
  /** The use that was made of each key. */
  readonly uses: Uses
  /**
   * @param where The place in which a key is expected, for people.
   * @throws Refused 401 for a credential that is not a key, 429 for a key that has reached a limit.
   */
  admit(credential: string | undefined, where?: string): Promise<Visitor>
}

const ANYBODY: Visitor = { id: '', hold: undefined, may: () => true, leave: () => undefined }

/**
 * @param before What was used of the keys of the door that this one takes the place of: of those that stay, it counts on.
 * @throws TypeError for a key that is not one.
 */
export function doorFor(keys: string | readonly GatewayKey[] | undefined, clock: Clock, before: Uses = NONE): Door {
  if (keys === undefined) return { isGuarded: false, uses: NONE, admit: () => Promise.resolve(ANYBODY) }
  if (typeof keys !== 'string') return new GuardedDoor(checkKeys(keys), clock, before)
  if (keys.trim() === '') throw new TypeError('gateway: keys must not be an empty text: leave it out to ask for none.')
  const id = idOf(keys)
  // It has no limits to count for.
  return new GuardedDoor([{ id, name: '', hash: digestOf(keys.trim()) }], clock, NONE)
}

type Checked = Omit<GatewayKey, 'hash'> & {
  /** Of the id and the hash: a key that is made anew under its id is another one. */
  name: string
  hash: Promise<Uint8Array> | Uint8Array
}

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
    const bytes = bytesOfHash(`${at}: hash`, hash)
    return { ...key, name: `${id}:${hash.toLowerCase()}`, hash: bytes }
  })
}

/** The use that is made of a key, in memory. */
interface Use {
  underWay: number
  /** Requests since `since`. */
  asked: number
  since: number
}

/** By the names of keys. */
type Uses = ReadonlyMap<string, Use>
const NONE: Uses = new Map()

class GuardedDoor implements Door {
  readonly isGuarded = true
  readonly uses: Uses
  readonly #keys: ReadonlyMap<string, Checked>
  readonly #clock: Clock
  /** A key that is unknown is compared with this, so that it takes as long as any other. */
  readonly #unknown: Checked = { id: '', name: '', hash: new Uint8Array(32) }

  constructor(keys: readonly Checked[], clock: Clock, before: Uses) {
    this.#clock = clock
    this.#keys = new Map(keys.map((key) => [key.id, key]))
    const unused = (): Use => ({ underWay: 0, asked: 0, since: clock.now() })
    this.uses = new Map(keys.map(({ name }) => [name, before.get(name) ?? unused()]))
  }

  async admit(credential: string | undefined, where = 'authorization: Bearer'): Promise<Visitor> {
    const given = credential ?? ''
    const key = this.#keys.get(idOf(given)) ?? this.#keys.get('') ?? this.#unknown
    const isKnown = areEqual(await digestOf(given), await key.hash)
    const hasEnded = (key.expires ?? Infinity) <= Date.now() / 1000
    const use = this.uses.get(key.name)
    if (!isKnown || hasEnded || use === undefined || key === this.#unknown) {
      throw new Refused(401, `the key is missing, unknown or has ended: send it as ${where} <key>`)
    }
    this.#count(key, use)
    const { id, models, hold } = key
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

  #count({ concurrent = Infinity, requests }: Checked, use: Use): void {
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
