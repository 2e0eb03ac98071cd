import { ChatError } from '@rivulet/core'
import { CallIds, type DecodedEvent } from '@rivulet/core/provider'
import { isSameJson } from '../same-json.ts'
import { type CallFragment, fragmentsOf } from './call-fragments.ts'
import { PendingCall } from './pending-call.ts'

/** More calls than any answer makes. */
const MAX_CALLS = 65_536
/** How many characters of arguments may wait for the names of their calls. */
const MAX_HELD_CHARACTERS = 1_048_576

/**
 * Puts the fragments of tool calls together. OpenAI gives each call an index, and an id and a name in its first fragment.
 * Other servers use one index for several calls, leave out the index or the ids, give one id twice, change the id in each
 * fragment, repeat the name or send it late. Whether a fragment begins a call is decided by its name, its id, its index, and
 * whether the arguments so far are whole, in this order.
 */
export class ToolCalls {
  /** The id of the answer, for the ids of calls that are made up. */
  answerId: string | undefined
  /** Calls of the message or delta that was read were told apart, named or held otherwise than OpenAI marks them. */
  isMended = false
  readonly #emit: (event: DecodedEvent) => void
  readonly #carried: ReadonlySet<string> | undefined
  readonly #all: PendingCall[] = []
  // Made for the first call: most answers have none.
  #byIndex: Map<string, PendingCall> | undefined
  #byId: Map<string, PendingCall> | undefined
  #ids: CallIds | undefined
  #idPrefix: string | undefined
  #lastIndex = '0'
  /** The calls that the message or delta being read has named: each entry of a list is a call of its own. */
  #named: Set<PendingCall> | undefined
  #heldCharacters = 0
  #size = 0

  /** @param carried Names of the text tools that were sent as functions: their calls are carried back. */
  constructor(emit: (event: DecodedEvent) => void, carried?: ReadonlySet<string>) {
    this.#emit = emit
    this.#carried = carried
  }

  /** How many calls have been announced. */
  get size(): number {
    return this.#size
  }

  /** Whether a call has begun that has no name. */
  get hasNameless(): boolean {
    return this.#all.length > this.#size
  }

  /** Reads the calls of a message or a delta. */
  add(message: Record<string, unknown>): void {
    this.#named = undefined
    this.isMended = false
    for (const fragment of fragmentsOf(message, this.#lastIndex)) {
      const before = this.#all.length
      const call = this.#callOf(fragment)
      const isNew = this.#all.length > before
      if (isNew) call.isText = fragment.isText
      const heldBefore = call.heldCharacters
      call.add(fragment.json)
      if (fragment.name !== undefined) {
        ;(this.#named ??= new Set()).add(call)
        this.#announce(call, fragment.name)
      }
      // At OpenAI, an id and a name begin a call at its index, and no other fragment has them.
      const isMarked = isNew
        ? fragment.name !== undefined && fragment.id === call.id
        : fragment.name === undefined && (fragment.id ?? call.givenId) === call.givenId
      const isCarried = call.name !== undefined && this.#carried?.has(call.name) === true
      const isAtIndex = fragment.index === String(call.position)
      this.isMended ||= !isMarked || !isAtIndex || !fragment.isPlain || call.isHeld || isCarried
      this.#heldCharacters += call.heldCharacters - heldBefore
      if (this.#heldCharacters > MAX_HELD_CHARACTERS) {
        throw new ChatError('malformed', 'the arguments of tool calls come long before their names')
      }
    }
  }

  /** Reads a message that says all calls once more; those that have come are compared. */
  repeat(message: Record<string, unknown>): void {
    if (this.#all.length === 0) {
      this.add(message)
      return
    }
    const whole = fragmentsOf(message, '0')
    const isSame = whole.every(({ name, json }, at) => {
      const call = this.#all[at]
      return call !== undefined && call.name === name && isSameJson(orNothing(call.json), orNothing(json))
    })
    if (whole.length > 0 && (whole.length !== this.#all.length || !isSame)) {
      throw new ChatError('malformed', 'the message has other tool calls than its pieces')
    }
  }

  /** @throws ChatError `truncated` or `malformed` for arguments that would fail to parse far from here. */
  end(): void {
    for (const call of this.#all) call.end()
  }

  #callOf(fragment: CallFragment): PendingCall {
    const { id, index } = fragment
    const call = this.#known(fragment) ?? this.#open()
    ;(this.#byIndex ??= new Map()).set(index, call)
    this.#lastIndex = index
    if (id !== undefined) {
      ;(this.#byId ??= new Map()).set(id, call)
      if (call.name === undefined) call.givenId = id
    }
    return call
  }

  /** The call that a fragment continues; `undefined` when the fragment begins one. */
  #known({ name, id, index, json }: CallFragment): PendingCall | undefined {
    const atIndex = this.#byIndex?.get(index)
    const withId = id === undefined ? undefined : this.#byId?.get(id)
    const isOfIndex = id === undefined || atIndex?.givenId === id
    const call = isOfIndex ? atIndex : (withId ?? atIndex)
    if (call === undefined) return undefined
    const isLateName = call.name === undefined
    // A new index begins a call, unless the id says that open arguments go on.
    if (atIndex === undefined) return call.isOpen && (name === undefined || isLateName) ? call : undefined
    if (isLateName) return call
    const hasNewId = !isOfIndex && withId === undefined
    if (name === undefined) {
      if (call.repeatedName !== undefined && json !== '') return this.#openLike(call, call.repeatedName)
      // While the arguments are open, a new id is one that changes with each fragment.
      return hasNewId && call.isWhole ? undefined : call
    }
    if (name !== call.name || this.#named?.has(call) === true || (hasNewId && call.givenId !== undefined))
      return undefined
    if (!call.isWhole) return call
    // A name after whole arguments begins a call, but a fragment that only names this one again says nothing yet.
    if (id === undefined || hasNewId || json !== '') return undefined
    call.repeatedName = name
    return call
  }

  #open(): PendingCall {
    if (this.#all.length === MAX_CALLS) {
      throw new ChatError('malformed', `the answer has more than ${MAX_CALLS} tool calls`)
    }
    const call = new PendingCall(this.#emit)
    this.#all.push(call)
    return call
  }

  /** Begins a call that a fragment before it has named. */
  #openLike({ givenId }: PendingCall, name: string): PendingCall {
    const call = this.#open()
    call.givenId = givenId
    this.#announce(call, name)
    return call
  }

  #announce(call: PendingCall, name: string): void {
    if (call.name !== undefined) return
    call.position = this.#size++
    this.#idPrefix ??= idPrefix(this.answerId)
    this.#ids ??= new CallIds()
    call.announce(name, this.#ids.take(call.givenId, this.#idPrefix))
  }
}

/** Begins ids that are made up: those of two answers of a conversation differ. OpenAI takes 40 characters. */
const idPrefix = (answerId: string | undefined): string =>
  answerId === undefined ? 'call' : `call_${answerId.replaceAll(/\W/g, '').slice(-24)}`

/** No arguments are an empty object. */
const orNothing = (json: string): string => (json.trim() === '' ? '{}' : json)
