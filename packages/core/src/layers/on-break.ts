import type { CallOptions, OnBreak } from '../provider.ts'

/** By type, so that none is missing. */
const NAMES: Readonly<Record<OnBreak, true>> = { fail: true, restart: true, continue: true }

const NONE: readonly never[] = []

/**
 * The ways to recover from a break, in the order in which they are tried. None is tried after 'fail'.
 *
 * @throws TypeError for a name that is none of them.
 */
export function recoveriesOf(who: string, onBreak: unknown = 'fail'): readonly Exclude<OnBreak, 'fail'>[] {
  if (onBreak === 'fail') return NONE
  const list: unknown[] = Array.isArray(onBreak) ? onBreak : [onBreak]
  for (const name of list) {
    if (typeof name === 'string' && Object.hasOwn(NAMES, name)) continue
    throw new TypeError(
      `${who}: onBreak must be 'fail', 'restart' or 'continue', or a list such as ['continue', 'restart'], got ${JSON.stringify(name)}.`,
    )
  }
  const end = list.indexOf('fail')
  // Each was checked above, and what remains comes before 'fail'.
  return (end === -1 ? list : list.slice(0, end)) as Exclude<OnBreak, 'fail'>[]
}

/** Beside the options and not one of them: it is between the plain calls and the layers and groups that recover. */
const AT_FIRST_READ = Symbol.for('@rivulet/core/on-break-at-first-read')

interface Undecided extends CallOptions {
  readonly [AT_FIRST_READ]?: () => CallOptions['onBreak']
}

/** The options of a call that is made before its reader is known: what a break does is asked for at the first read. */
export function decidedAtFirstRead(call: CallOptions, onBreak: () => CallOptions['onBreak']): CallOptions {
  const undecided: Undecided = { ...call, [AT_FIRST_READ]: onBreak }
  return undecided
}

/** What a call says of breaks. At its first read, and not before. */
export function onBreakOf(call: Undecided | undefined): CallOptions['onBreak'] {
  const decide = call?.[AT_FIRST_READ]
  return decide === undefined ? call?.onBreak : decide()
}
