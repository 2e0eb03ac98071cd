import { cutAnywhere } from '../content.ts'
import type { MeantCall } from '../meant.ts'
import {
  anyway,
  both,
  failingBy,
  type Fits,
  inStream,
  type Slot,
  type Spelling,
  withCalls,
  without,
} from '../oddities.ts'

/** Under these, the index does not tell calls apart. */
const UNINDEXED = ['index-absent', 'index-zero'] as const
const SHARED_IDS = ['ids-absent', 'ids-empty', 'ids-shared'] as const

const several: Fits = ({ calls }) => calls.length > 1
const calling = both(inStream, withCalls, without('function-call'))
/** A call may come in several fragments. */
const inFragments = both(calling, without('calls-in-one-delta'))
/** The index tells the calls apart, or there is only one call. */
const indexed: Fits = (meant, has) => meant.calls.length < 2 || !UNINDEXED.some(has)
/** A fragment without a name still belongs to one call, by its index or its id. */
const lateName = both(inFragments, without(...UNINDEXED, 'ids-changing', 'arguments-whole', 'arguments-object'))
/** Two calls of one name, without arguments, on one index and without ids of their own, can't be told apart. */
const withoutArguments = both(
  calling,
  ({ calls }) => calls.some(({ args }) => Object.keys(args).length === 0),
  (meant, has) => indexed(meant, has) || !SHARED_IDS.some(has),
)
const notBroken: Fits = ({ failure }) => failure?.kind !== 'broken-arguments'
const hasNull: Fits = ({ calls }) => calls.some(({ args }) => JSON.stringify(args).includes('null'))

/** How tool calls are spelled: wire-level ids, indexes, names and arguments. */
export const CALL_SLOTS: readonly Slot[] = [
  {
    probability: 0.4,
    kinds: {
      'ids-absent': both(withCalls, without('function-call')),
      'ids-empty': both(withCalls, without('function-call')),
      'ids-shared': both(withCalls, several, without('function-call')),
      'ids-in-every-fragment': inFragments,
      'ids-empty-later': inFragments,
      'ids-null-later': inFragments,
      'ids-changing': inFragments,
    },
  },
  {
    probability: 0.4,
    kinds: { 'index-absent': calling, 'index-zero': both(calling, several), 'index-from-one': calling },
  },
  {
    probability: 0.3,
    kinds: {
      'name-late': lateName,
      'name-empty-first': lateName,
      'name-in-every-fragment': both(
        inFragments,
        // A name after arguments that are whole begins another call, and so does a name with an id of its own.
        notBroken,
        without('ids-changing'),
        (meant, has) => !UNINDEXED.some(has) || has('ids-in-every-fragment'),
        without('arguments-in-empty-pieces', 'arguments-empty', 'arguments-the-word-null'),
      ),
      'name-empty-later': inFragments,
      'name-null-later': inFragments,
    },
  },
  {
    probability: 0.4,
    kinds: {
      'arguments-whole': both(calling, notBroken),
      'arguments-object': both(withCalls, notBroken, without('function-call')),
      'arguments-null-first': both(inFragments, notBroken),
      'arguments-in-empty-pieces': inFragments,
      'arguments-null-as-a-piece': both(inFragments, notBroken, hasNull),
      'arguments-empty': both(withoutArguments, notBroken),
      'arguments-absent': both(withoutArguments, notBroken, without('calls-in-one-delta')),
      'arguments-the-word-null': both(withoutArguments, notBroken),
    },
  },
  {
    probability: 0.3,
    kinds: {
      'calls-interleaved': both(
        inFragments,
        several,
        without(...UNINDEXED),
        // Of two open calls with one id, the one without a name can't be told from the other.
        (_meant, has) => !has('ids-shared') || !(has('name-late') || has('name-empty-first')),
      ),
      'calls-in-one-delta': both(
        calling,
        without('ids-changing', 'arguments-null-first', 'arguments-null-as-a-piece', 'arguments-in-empty-pieces'),
        notBroken,
      ),
      'function-call': both(inStream, ({ calls }) => calls.length === 1),
    },
  },
  { kinds: { 'text-between-fragments': both(calling, ({ texts }) => texts.length > 1) } },
  {
    always: failingBy('broken-arguments'),
    kinds: {
      'arguments-doubled': ({ calls }) => Object.keys(calls.at(-1)?.args ?? {}).length > 0,
      'arguments-without-quotes': anyway,
      'arguments-cut': anyway,
      'arguments-in-words': anyway,
      'arguments-with-words-after': anyway,
    },
  },
]

/** The arguments of a call as text, broken where that is meant. */
function argumentsText(call: MeantCall, { meant, has }: Spelling): string {
  const json = JSON.stringify(call.args)
  if (meant.cutCall === call) return json.slice(0, -2)
  if (meant.failure?.kind !== 'broken-arguments' || call !== meant.calls.at(-1)) return json
  if (has('arguments-doubled')) return json + json
  if (has('arguments-without-quotes')) return '{path: x}'
  if (has('arguments-cut')) return '{"path":"x'
  return has('arguments-in-words') ? 'the path is x' : `${json} is what I need`
}

type Fragment = Record<string, unknown>

/** The deltas that tell of the calls, as lists of fragments. */
export function callDeltas(calls: readonly MeantCall[], spelling: Spelling): Fragment[][] {
  const { has } = spelling
  const each = calls.map((call, at) => fragmentsOf(call, { at, spelling }))
  if (has('calls-in-one-delta')) return each.length === 0 ? [] : [each.flat()]
  if (!has('calls-interleaved')) return each.flat().map((fragment) => [fragment])
  const rounds = Math.max(0, ...each.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, round) =>
    each.flatMap((fragments) => fragments.slice(round, round + 1)),
  ).flatMap((fragments) => fragments.map((fragment) => [fragment]))
}

function fragmentsOf(call: MeantCall, { at, spelling }: { at: number; spelling: Spelling }): Fragment[] {
  const { has, roll } = spelling
  const pieces = argumentPieces(call, spelling)
  const lateName = has('name-late') || has('name-empty-first')
  if (lateName && pieces.length < 2) pieces.push('')
  const changing = roll(`id ${at}`)
  return pieces.map((piece, number) => {
    const isFirst = number === 0
    const id = idOf(call, { number, spelling, changed: `r${changing.int(1e9).toString(36)}` })
    const name = nameOf(call, { number, spelling })
    return {
      ...(!has('index-absent') && { index: has('index-zero') ? 0 : has('index-from-one') ? at + 1 : at }),
      ...id,
      ...(isFirst && { type: 'function' }),
      function: { ...name, ...(piece !== undefined && { arguments: piece }) },
    }
  })
}

interface InCall {
  number: number
  spelling: Spelling
}

function idOf(
  { id }: MeantCall,
  { number, spelling: { has }, changed }: InCall & { changed: string },
): { id?: unknown } {
  if (has('ids-absent')) return {}
  if (has('ids-empty')) return { id: '' }
  if (has('ids-shared')) return number === 0 ? { id: 'call_0' } : {}
  if (has('ids-changing')) return { id: changed }
  if (number === 0 || has('ids-in-every-fragment')) return { id }
  if (has('ids-empty-later')) return { id: '' }
  return has('ids-null-later') ? { id: null } : {}
}

function nameOf({ name }: MeantCall, { number, spelling: { has } }: InCall): { name?: unknown } {
  if (has('name-late')) return number === 1 ? { name } : {}
  if (has('name-empty-first')) return number === 0 ? { name: '' } : number === 1 ? { name } : {}
  if (number === 0 || has('name-in-every-fragment')) return { name }
  if (has('name-empty-later')) return { name: '' }
  return has('name-null-later') ? { name: null } : {}
}

/** What stands under `arguments`, fragment by fragment; `undefined` where nothing does. */
function argumentPieces(call: MeantCall, spelling: Spelling): unknown[] {
  const { has, roll } = spelling
  const text = argumentsText(call, spelling)
  if (has('arguments-object') && spelling.meant.cutCall !== call) return [call.args]
  if (text === '{}') {
    if (has('arguments-empty')) return ['']
    if (has('arguments-absent')) return [undefined]
    if (has('arguments-the-word-null')) return ['null']
  }
  if (has('arguments-whole') || has('calls-in-one-delta')) return [text]
  const pieces = has('arguments-null-as-a-piece')
    ? text.split(/(?<=\bnull)|(?=\bnull)/)
    : cutAnywhere(text, roll(`arguments ${call.id}`))
  if (has('arguments-null-first')) return [null, ...pieces]
  if (has('arguments-in-empty-pieces')) return ['', ...pieces.flatMap((piece) => [piece, ''])]
  // OpenAI's first fragment has the name and no arguments.
  return roll(`first fragment ${call.id}`).chance(0.5) ? ['', ...pieces] : pieces
}

/** A call in the older spelling: one, without an id. */
export function functionCallDeltas([call]: readonly MeantCall[], spelling: Spelling): Record<string, unknown>[] {
  if (call === undefined) return []
  const pieces = argumentPieces(call, spelling)
  return pieces.map((piece, number) => ({
    ...(number === 0 && { name: call.name }),
    ...(piece !== undefined && { arguments: piece }),
  }))
}

/** The calls of an answer in one piece. */
export function wholeCalls(calls: readonly MeantCall[], spelling: Spelling): Record<string, unknown>[] {
  const { has } = spelling
  return calls.map((call) => ({
    ...idOf(call, { number: 0, spelling, changed: '' }),
    type: 'function',
    function: { name: call.name, arguments: has('arguments-object') ? call.args : argumentsText(call, spelling) },
  }))
}
