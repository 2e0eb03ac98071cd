import { suggestion } from '../closest.ts'
import { breaksAnswer, type FaultDefinition, fault, type Shape } from '../fault.ts'
import { random } from '../random.ts'
import { perform } from '../scene.ts'

/** A throw of the dice among the faults of a table. */
export function chance(table: Readonly<Record<string, FaultDefinition>>): FaultDefinition {
  return fault({
    summary:
      'meets a request with a fault by chance: one that breaks the answer, or one of `kinds`; tells which it was',
    breaks: true,
    options: { probability: 1, kinds: null, seed: null },
    check({ kinds = [] }) {
      for (const kind of kinds) {
        if (Object.hasOwn(table, kind)) continue
        throw new TypeError(`The fault "random" cannot choose "${kind}"${suggestion(kind, Object.keys(table))}`)
      }
    },
    async act(scene, { probability, kinds, seed = scene.seed }) {
      // Each attempt throws again, so that whoever asks again may be luckier, and a whole run can be repeated.
      const dice = random('random', seed, scene.answer.id, scene.attempt)
      if (dice.next() >= probability) {
        scene.record({ fault: undefined })
        return perform(scene)
      }
      const shape = { ...scene.reply, tools: scene.chat.tools }
      const able = kinds ?? Object.keys(table).filter((kind) => breaks(table[kind], shape))
      const kind = dice.pick(able)
      scene.record({ fault: { kind } })
      return table[kind]?.act(scene, {})
    },
  })
}

function breaks(definition: FaultDefinition | undefined, shape: Shape): boolean {
  return definition !== undefined && breaksAnswer(definition, {}, shape)
}
