import { dice } from './dice.ts'
import { deliver, type Delivery, ENDING_SLOTS } from './ending.ts'
import { type Body, frame, framingSlots } from './framing.ts'
import { type Meant, meaning } from './meant.ts'
import { noAnswer, noAnswerSlot } from './no-answer.ts'
import { type Dialect, draw, fit, oddities, type Oddities, spelling } from './oddities.ts'
import { type Truth, truthOf } from './truth.ts'

/** One answer of a server that may be odd, and what a reader has to make of it. */
export interface LyingStream {
  seed: number
  meant: Meant
  /** The oddities that it has, in no order that matters. */
  kinds: readonly string[]
  body: Body
  delivery: Delivery
  truth: Truth
  /** Every call has an id of its own on the wire, and keeps it. */
  idsAreGiven: boolean
}

/** Kinds under which the ids on the wire can't be those of the result. */
const WITHOUT_IDS = ['ids-absent', 'ids-empty', 'ids-shared', 'ids-changing', 'function-call']

const ALL = new Map<Dialect, Oddities>()

/** Everything that may be odd in a dialect. */
export function odditiesOf(dialect: Dialect): Oddities {
  const known = ALL.get(dialect)
  if (known !== undefined) return known
  const { slots, framing } = dialect
  const all = oddities([...slots, ...framingSlots(framing), ...ENDING_SLOTS, noAnswerSlot(framing === 'text')])
  ALL.set(dialect, all)
  return all
}

/** What a seed means in a dialect. */
export const meantBy = (seed: number, dialect: Dialect): Meant => meaning(dialect.range, dice(seed, 'meant'))

/** The oddities that a seed draws. */
export const kindsOf = (seed: number, dialect: Dialect): string[] =>
  draw(odditiesOf(dialect), meantBy(seed, dialect), dice(seed, 'oddities'))

/** Whether an answer can be spelled by these oddities: some failures have no plain spelling, and need theirs. */
export function isSpellable(meant: Meant, { kinds, dialect }: { kinds: readonly string[]; dialect: Dialect }): boolean {
  const all = odditiesOf(dialect)
  const needed = all.slots.filter(({ always }) => always?.(meant) === true)
  return fit(all, meant, kinds) && needed.every((slot) => kinds.some((kind) => Object.hasOwn(slot.kinds, kind)))
}

/** The stream of a seed: with the oddities that it draws, or with these, which have to fit. */
export function streamOf(
  seed: number,
  dialect: Dialect,
  kinds: readonly string[] = kindsOf(seed, dialect),
): LyingStream {
  const meant = meantBy(seed, dialect)
  if (!isSpellable(meant, { kinds, dialect }))
    throw new TypeError(`${kinds.join(', ')} do not fit seed ${seed} of ${dialect.id}.`)
  const spelled = spelling(seed, meant, { byKind: odditiesOf(dialect).byKind, kinds })
  const script =
    meant.failure?.kind === 'no-answer' ? noAnswer(spelled, dialect.framing === 'text') : dialect.write(spelled)
  const body = frame(script, dialect.framing, spelled)
  const delivery = deliver(body, spelled)
  return {
    seed,
    meant,
    kinds,
    body,
    delivery,
    truth: truthOf(meant, { script, body, delivery }),
    idsAreGiven: !WITHOUT_IDS.some((kind) => kinds.includes(kind)) && dialect.range.calls === true,
  }
}
