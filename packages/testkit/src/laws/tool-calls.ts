import assert from 'node:assert/strict'
import type { ChatEvent, ToolCallPart } from '@rivulet/core'
import { askAndRead } from '../ask.ts'
import { splitBytes } from '../bytes.ts'
import { noToolCall, noVariant } from '../exemptions.ts'
import type { AnswerFixture, Fixtures } from '../fixtures.ts'
import { answering } from '../http-bytes.ts'
import { inParallel } from '../in-parallel.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, eventsOf, resultOf } from '../reading.ts'
import { variantOf } from '../variants.ts'

const SEEDS = [undefined, 1, 2, 3, 4, 5]

function variantsOf({ toolCall, toolCalls = {} }: Fixtures): [name: string, answer: AnswerFixture][] {
  return Object.entries({ ...(toolCall !== undefined && { toolCall }), ...toolCalls })
}

/** Each call is announced once, before its arguments. */
function expectAnnounced(events: readonly ChatEvent[], what: string): void {
  const announced = new Set<string>()
  for (const event of events) {
    if (event.type === 'tool-call') {
      assert.ok(!announced.has(event.id), `${what}: ${event.id} is announced twice`)
      announced.add(event.id)
    } else if (event.type === 'tool-input') {
      assert.ok(announced.has(event.id), `${what}: arguments of ${event.id} before it is announced`)
    }
  }
}

function expectUnmarked(calls: readonly ToolCallPart[], answer: AnswerFixture, what: string): void {
  const meant = answer.toolCalls ?? []
  const parsed = ({ name, input }: ToolCallPart): unknown => ({ name, input: JSON.parse(input) as unknown })
  assert.deepEqual(calls.map(parsed), meant.map(parsed), `${what}: the tool calls`)
  const ids = new Set(calls.map(({ id }) => id))
  assert.ok(ids.size === calls.length && !ids.has(''), `${what}: ids that are not unique: ${[...ids].join(', ')}`)
}

export const toolCalls: readonly Law[] = [
  {
    name: 'tool calls are joined by their id, in order, and their arguments are JSON',
    rows: [21],
    anyTransport: true,
    exempts: noToolCall('toolCall', 'toolCalls'),
    async run(context) {
      const variants = variantsOf(context.subject.answers)
      for (const [name, answer] of variants) {
        await inParallel(SEEDS, async (seed) => {
          const what = seed === undefined ? name : `${name}, cut by seed ${seed}`
          const pieces = seed === undefined ? undefined : splitBytes(answer.body, seed)
          const events = eventsOf(await askAndRead(context, what, answering(answer, 'chunked', pieces)), what)
          expectAnnounced(events, what)
          const result = resultOf(events)
          assert.deepEqual(result.toolCalls, answer.toolCalls ?? [], `${what}: the tool calls`)
          assert.equal(result.reason, 'tool-calls', `${what}: the reason of the finish`)
          for (const { input } of result.toolCalls) {
            assert.doesNotThrow(() => JSON.parse(input) as unknown, `${what}: arguments that are not JSON: ${input}`)
          }
        })
      }
      return variants.map(([name]) => name).join(', ')
    },
  },
  {
    name: 'a tool call whose arguments break off is truncated',
    rows: [21],
    anyTransport: true,
    exempts: noToolCall('cutToolCall'),
    async run(context) {
      const { cutToolCall } = context.subject.answers
      assert.ok(cutToolCall)
      const error = chatErrorOf(await askAndRead(context, 'cutToolCall', answering(cutToolCall)), 'cutToolCall')
      assert.equal(error.code, 'truncated', error.message)
      assert.equal(error.partial?.toolCalls.length, 1, 'the tool calls in error.partial')
      return 'truncated'
    },
  },
  {
    name: 'tool calls without marks are kept apart, each whole and with an id of its own',
    rows: [33],
    anyTransport: true,
    exempts: (subject) =>
      noToolCall('unmarkedToolCalls', 'toolCall')(subject) ?? noVariant('unmarkedToolCalls')(subject),
    async run(context) {
      const variants = Object.entries(variantOf(context.subject, 'unmarkedToolCalls'))
      await inParallel(variants, async ([what, answer]) => {
        const events = eventsOf(await askAndRead(context, what, answering(answer)), what)
        expectAnnounced(events, what)
        const result = resultOf(events)
        expectUnmarked(result.toolCalls, answer, what)
        assert.equal(result.reason, 'tool-calls', `${what}: the reason of the finish`)
      })
      return variants.map(([what]) => what).join(', ')
    },
  },
]
