import assert from 'node:assert/strict'
import type { ChatEvent, Provider, Usage } from '@rivulet/core'
import { estimateUsage } from '@rivulet/core/estimate'
import { askAndRead } from '../ask.ts'
import { type AnswerFixture, answersOf } from '../fixtures.ts'
import { answering } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { eventsOf } from '../reading.ts'

const NUMBERS = ['inputTokens', 'outputTokens', 'cachedTokens', 'reasoningTokens'] as const

/** The usage in the finish of an answer: numbers, or none. */
function usageOf(events: readonly ChatEvent[], what: string): Usage | undefined {
  const reports = events.filter((event) => 'usage' in event)
  assert.ok(reports.length <= 1, `${what}: ${reports.length} events report a usage`)
  const finish = events.at(-1)
  assert.ok(finish?.type === 'finish', `${what}: the last event`)
  const { usage } = finish
  for (const name of NUMBERS) {
    const count = usage?.[name] ?? 0
    assert.ok(Number.isInteger(count) && count >= 0, `${what}: usage.${name} is ${count}`)
  }
  return usage
}

async function read(context: LawContext, answer: AnswerFixture, what: string): Promise<Usage | undefined> {
  return usageOf(eventsOf(await askAndRead(context, what, answering(answer)), what), what)
}

export const usage: readonly Law[] = [
  {
    name: 'usage is reported once, in numbers, or not at all',
    rows: [20],
    anyTransport: true,
    async run(context) {
      const seen: string[] = []
      for (const { name, request: _request, ...answer } of answersOf(context.subject)) {
        const found = await read(context, answer, name)
        if (answer.usage === undefined) continue
        assert.deepEqual(found ?? 'absent', answer.usage, `${name}: the usage`)
        seen.push(`${name}: ${found === undefined ? 'absent' : `${found.inputTokens} + ${found.outputTokens}`}`)
      }
      return seen.length === 0 ? 'numbers, or nothing' : seen.join(', ')
    },
  },
  {
    name: 'usage is estimated on request where none is reported',
    rows: [20],
    anyTransport: true,
    async run(context) {
      const { subject } = context
      const layer = estimateUsage({ countTokens: (text) => text.length })
      const wrap = (provider: Provider): Provider => layer(subject.wrap?.(provider) ?? provider)
      const estimating = { ...context, subject: { ...subject, wrap } }
      let estimates = 0
      for (const { name, request: _request, ...answer } of answersOf(subject)) {
        const found = await read(estimating, answer, name)
        assert.ok(found !== undefined, `${name}: no usage`)
        if (answer.usage === 'absent') assert.equal(found.source, 'estimated', `${name}: the source`)
        else if (answer.usage !== undefined) assert.equal(found.source, 'reported', `${name}: the source`)
        if (found.source === 'estimated') estimates++
      }
      return `${estimates} estimated`
    },
  },
]
