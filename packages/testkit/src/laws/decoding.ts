import assert from 'node:assert/strict'
import { isContent } from '@rivulet/core/provider'
import { askAndRead } from '../ask.ts'
import { splitBytes } from '../bytes.ts'
import { noEmptyAnswer } from '../exemptions.ts'
import { answersOf, hasEndMark, isSse, openPart } from '../fixtures.ts'
import { answering, FRAMINGS, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, eventsOf, resultOf } from '../reading.ts'

/** The HTTP framings that can end an answer. Without an end mark, a closed connection can mean anything. */
export const framingsFor = ({ endMark }: { endMark: boolean | string }): typeof FRAMINGS =>
  FRAMINGS.filter((framing) => framing !== 'close' || endMark !== false)

export const decoding: readonly Law[] = [
  {
    name: 'an answer is decoded to its text, its reasoning and its tool calls',
    rows: [],
    async run(context) {
      const seen: string[] = []
      for (const { name, request, ...answer } of answersOf(context.subject)) {
        const read = await askAndRead(context, name, answering(answer), { request })
        const result = resultOf(eventsOf(read, name))
        assert.equal(result.text, answer.text ?? '', `${name}: the text`)
        assert.equal(result.reasoning, answer.reasoning, `${name}: the reasoning`)
        assert.deepEqual(result.toolCalls, answer.toolCalls ?? [], `${name}: the tool calls`)
        seen.push(name)
      }
      return `decoded ${seen.join(', ')}`
    },
  },
  {
    name: 'an answer begins with one start and ends with one finish',
    rows: [],
    async run(context) {
      let count = 0
      for (const { name, request, ...answer } of answersOf(context.subject)) {
        for (const framing of framingsFor(answer)) {
          const what = `${name}, ${framing}`
          const events = eventsOf(await askAndRead(context, what, answering(answer, framing), { request }), what)
          const types = events.map(({ type }) => type)
          assert.equal(types.at(-1), 'finish', `${what}: the last event`)
          assert.equal(types.filter((type) => type === 'finish').length, 1, `${what}: how many finish events`)
          const starts = types.filter((type) => type === 'start').length
          if (events.some(isContent)) assert.equal(types[0], 'start', `${what}: the first event`)
          assert.ok(starts <= 1, `${what}: ${starts} start events`)
          count++
        }
      }
      return `${count} answers`
    },
  },
  {
    name: 'an empty answer is a normal end; what wraps the provider may call it malformed',
    rows: [22],
    anyTransport: true,
    exempts: noEmptyAnswer,
    async run(context) {
      const { answers, wrap } = context.subject
      const { empty } = answers
      assert.ok(empty)
      const seen = new Set<string>()
      for (const seed of [undefined, 1, 2, 3]) {
        const what = `empty${seed === undefined ? '' : `, cut by seed ${seed}`}`
        const pieces = seed === undefined ? undefined : splitBytes(empty.body, seed)
        const read = await askAndRead(context, what, answering(empty, 'chunked', pieces))
        if (wrap !== undefined && read.failure !== undefined) {
          const error = chatErrorOf(read, what)
          assert.equal(error.code, 'malformed', what)
          assert.match(error.message, /empty/, `${what}: the message does not say that it is empty`)
          seen.add('malformed')
          continue
        }
        const events = eventsOf(read, what)
        assert.equal(resultOf(events).text, '', what)
        assert.equal(events.at(-1)?.type, 'finish', `${what}: the last event`)
        seen.add('a normal end without content')
      }
      return [...seen].join('; ')
    },
  },
  {
    name: 'nothing is delivered after the end mark',
    rows: [],
    exempts: ({ answers: { text } }) =>
      !hasEndMark(text) || !isSse(text) ? 'its answers end where their body ends' : undefined,
    async run(context) {
      const { text } = context.subject.answers
      // The content again: in the read of the end mark, and in a read of its own.
      const again = openPart(text)
      const chunks = [Buffer.concat([text.body, again]), again].map((piece) => pieceOf(piece, 'chunked'))
      const script = writing([headOf(text, 'chunked'), ...chunks])
      const events = eventsOf(await askAndRead(context, 'content after the end mark', script), 'the answer')
      assert.equal(resultOf(events).text, text.text)
      assert.equal(events.filter(({ type }) => type === 'finish').length, 1, 'how many finish events')
      return 'content after the end mark is ignored'
    },
  },
]
