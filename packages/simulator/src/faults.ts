import { isRecord } from './check.ts'
import { suggestion } from './closest.ts'
import { type Shape, breaksAnswer, type FaultDefinition } from './fault.ts'
import { checks, type FaultOptions, type OptionName } from './fault-options.ts'
import { bodies } from './faults/bodies.ts'
import { chance } from './faults/chance.ts'
import { codings } from './faults/codings.ts'
import { cuts } from './faults/cuts.ts'
import { errors } from './faults/errors.ts'
import { floods } from './faults/floods.ts'
import { lengths } from './faults/lengths.ts'
import { noise } from './faults/noise.ts'
import { redirects } from './faults/redirects.ts'
import { retries } from './faults/retries.ts'
import { silence } from './faults/silence.ts'
import { sockets } from './faults/sockets.ts'
import { spelling } from './faults/spelling.ts'
import type { Struck } from './scene.ts'

const single = {
  ...silence,
  ...cuts,
  ...lengths,
  ...sockets,
  ...bodies,
  ...errors,
  ...retries,
  ...redirects,
  ...floods,
  ...codings,
  ...noise,
  ...spelling,
} satisfies Readonly<Record<string, FaultDefinition>>

const table = { ...single, random: chance(single) }

export type FaultKind = keyof typeof table

/**
 * A way for an answer to go wrong.
 *
 * @example
 * sim.fault('lockchat', { kind: 'status', status: 429, headers: { 'retry-after': '2' }, times: 1 })
 */
export interface Fault extends FaultOptions {
  readonly kind: FaultKind
}

/** Every kind of fault with what it does, in words. */
export const faults: Readonly<Record<FaultKind, FaultDefinition>> = table

const isKind = (kind: string): kind is FaultKind => Object.hasOwn(faults, kind)

export const faultKinds: readonly FaultKind[] = Object.keys(faults).filter(isKind)

/** Whether a fault takes the right answer from its reader. */
export function faultBreaks({ kind, ...options }: Struck, reply: Shape): boolean {
  return isKind(kind) && breaksAnswer(faults[kind], options, reply)
}

/** A fault from outside: its kind alone, or an object. A `TypeError` says what is wrong, and what was probably meant. */
export function parseFault(value: unknown): Fault {
  const given = typeof value === 'string' ? { kind: value } : value
  if (!isRecord(given) || typeof given.kind !== 'string') {
    throw new TypeError(`A fault is a kind or { kind, … }, such as "truncate"; got ${JSON.stringify(value)}`)
  }
  const { kind } = given
  if (!isKind(kind)) throw new TypeError(`There is no fault "${kind}"${suggestion(kind, faultKinds)}`)
  const { options: notes, check } = faults[kind]
  const allowed = ['times', ...Object.keys(notes)]
  const options: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(given)) {
    if (name === 'kind' || option === undefined) continue
    if (!allowed.includes(name)) {
      throw new TypeError(`The fault "${kind}" has no option "${name}"${suggestion(name, allowed)}`)
    }
    const choices: unknown = notes[name]
    const isOpen = !Array.isArray(choices)
    // `allowed` holds option names only.
    const valid = isOpen ? (checks[name as OptionName]?.(option) ?? true) : choices.includes(option)
    if (!valid) {
      const hint = isOpen ? '' : `; there are: ${choices.join(', ')}`
      throw new TypeError(`The fault "${kind}" cannot use ${name}: ${JSON.stringify(option)}${hint}`)
    }
    options[name] = option
  }
  check?.(options)
  return { kind, ...options }
}
