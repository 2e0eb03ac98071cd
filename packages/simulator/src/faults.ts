import { isRecord } from './check.ts'
import { suggestion } from './closest.ts'
import { type ReplyShape, breaksAnswer, type FaultDefinition } from './fault.ts'
import { checks, type FaultOptions, type OptionName } from './fault-options.ts'
import { bodies } from './faults/bodies.ts'
import { randomFault } from './faults/random-fault.ts'
import { compression } from './faults/compression.ts'
import { cuts } from './faults/cuts.ts'
import { errors } from './faults/errors.ts'
import { floods } from './faults/floods.ts'
import { lengths } from './faults/lengths.ts'
import { noise } from './faults/noise.ts'
import { redirects } from './faults/redirects.ts'
import { retryAfter } from './faults/retry-after.ts'
import { stalls } from './faults/stalls.ts'
import { sockets } from './faults/sockets.ts'
import { formats } from './faults/formats.ts'
import type { ChosenFault } from './pending-answer.ts'

const single = {
  ...stalls,
  ...cuts,
  ...lengths,
  ...sockets,
  ...bodies,
  ...errors,
  ...retryAfter,
  ...redirects,
  ...floods,
  ...compression,
  ...noise,
  ...formats,
} satisfies Readonly<Record<string, FaultDefinition>>

const table = { ...single, random: randomFault(single) }

export type FaultKind = keyof typeof table

/**
 * One fault: a way in which an answer goes wrong.
 *
 * @example
 * await using sim = await simulator()
 * sim.fault('lockchat', { kind: 'status', status: 429, headers: { 'retry-after': '2' }, times: 1 })
 */
export interface Fault extends FaultOptions {
  readonly kind: FaultKind
}

/** The definition of every kind of fault. */
export const faults: Readonly<Record<FaultKind, FaultDefinition>> = table

const isKind = (kind: string): kind is FaultKind => Object.hasOwn(faults, kind)

export const faultKinds: readonly FaultKind[] = Object.keys(faults).filter(isKind)

/** Whether a fault prevents a complete, correct answer of this shape. */
export function faultBreaks({ kind, ...options }: ChosenFault, reply: ReplyShape): boolean {
  return isKind(kind) && breaksAnswer(faults[kind], options, reply)
}

/** Validates a fault given as a kind or as an object. A `TypeError` names the mistake and suggests a correction. */
export function parseFault(value: unknown): Fault {
  const given = typeof value === 'string' ? { kind: value } : value
  if (!isRecord(given) || typeof given.kind !== 'string') {
    throw new TypeError(`A fault is a kind or { kind, … }, such as "truncate"; got ${JSON.stringify(value)}`)
  }
  const { kind } = given
  if (!isKind(kind)) throw new TypeError(`Unknown fault "${kind}"${suggestion(kind, faultKinds)}`)
  const { options: specs, check } = faults[kind]
  const allowed = ['times', ...Object.keys(specs)]
  const options: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(given)) {
    if (name === 'kind' || option === undefined) continue
    if (!allowed.includes(name)) {
      throw new TypeError(`The fault "${kind}" has no option "${name}"${suggestion(name, allowed)}`)
    }
    const choices: unknown = specs[name]
    const isOpen = !Array.isArray(choices)
    // `allowed` contains option names only.
    const valid = isOpen ? (checks[name as OptionName]?.(option) ?? true) : choices.includes(option)
    if (!valid) {
      const hint = isOpen ? '' : `; expected one of: ${choices.join(', ')}`
      throw new TypeError(`The fault "${kind}" does not accept ${name}: ${JSON.stringify(option)}${hint}`)
    }
    options[name] = option
  }
  check?.(options)
  return { kind, ...options }
}
