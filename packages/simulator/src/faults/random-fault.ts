import { suggestion } from '../closest.ts'
import { breaksAnswer, type FaultDefinition, fault, type ReplyShape } from '../fault.ts'
import { random } from '../random.ts'
import { sendAnswer } from '../pending-answer.ts'

/** A fault that applies a random fault of a table. */
export function randomFault(table: Readonly<Record<string, FaultDefinition>>): FaultDefinition {
  return fault({
    summary: 'applies a random fault: one that breaks the answer, or one of `kinds`; records which one',
    breaks: true,
    options: { probability: 1, kinds: null, seed: null },
    check({ kinds = [] }) {
      for (const kind of kinds) {
        if (Object.hasOwn(table, kind)) continue
        throw new TypeError(`The fault "random" cannot choose "${kind}"${suggestion(kind, Object.keys(table))}`)
      }
    },
    async apply(pending, { probability, kinds, seed = pending.seed }) {
      // Each attempt draws again, so that a retry may succeed; the seed makes a whole run repeatable.
      const dice = random('random', seed, pending.answer.id, pending.attempt)
      if (dice.next() >= probability) {
        pending.record({ fault: undefined })
        return sendAnswer(pending)
      }
      const shape = { ...pending.reply, tools: pending.chat.tools }
      const able = kinds ?? Object.keys(table).filter((kind) => breaks(table[kind], shape))
      const kind = dice.pick(able)
      pending.record({ fault: { kind } })
      return table[kind]?.apply(pending, {})
    },
  })
}

/** Whether it may be drawn without being named. */
function breaks(definition: FaultDefinition | undefined, shape: ReplyShape): boolean {
  return definition !== undefined && definition.isLasting !== true && breaksAnswer(definition, {}, shape)
}
