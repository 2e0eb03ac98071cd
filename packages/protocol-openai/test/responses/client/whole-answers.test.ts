import { collect, type ChatEvent, type ChatResult } from '@rivulet/core'
import type { Decoded } from '@rivulet/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { responses } from '../../../src/index.ts'
import { read as readAs } from '../../support/decoding.ts'
import { added, call, completed, created, done, event, hello, input, message } from './events.ts'

const dialect = responses()
const read = (body: readonly Uint8Array[]): Decoded =>
  readAs(body, undefined, (emit) => dialect.open(hello).decode(emit))

/** A server that sends pieces and repeats them, and leaves out a part of each. */
const server = fc
  .record({
    thought: fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 3 }),
    texts: fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 4 }),
    calls: fc.array(fc.record({ name: fc.constantFrom('f', 'g'), args: fc.dictionary(fc.string(), fc.json()) }), {
      maxLength: 3,
    }),
    lost: fc.array(fc.nat(2), { minLength: 16, maxLength: 16 }),
    repeats: fc.record({ done: fc.boolean(), item: fc.boolean(), output: fc.boolean() }),
    cut: fc.array(fc.integer({ min: 1, max: 400 })),
  })
  .filter(({ repeats: { item, output } }) => item || output)

test('any answer is whole, whatever the pieces leave out at their end and however its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(server, async ({ thought, texts, calls, lost, repeats, cut }) => {
      let item = 0
      const kept = <T>(pieces: readonly T[]): readonly T[] => pieces.slice(0, pieces.length - (lost[item++ % 16] ?? 0))
      const pieces: string[] = []
      const output: object[] = []
      const repeat = (whole: object, ...ends: string[]): void => {
        if (repeats.done) pieces.push(...ends)
        if (repeats.item) pieces.push(done(whole, output.length))
        output.push(whole)
      }
      const spoken = (type: string, said: readonly string[], whole: object): void => {
        const at = { output_index: output.length, content_index: 0, summary_index: 0 }
        pieces.push(...kept(said).map((text) => event(`${type}.delta`, { ...at, delta: text })))
        repeat(whole, event(`${type}.done`, { ...at, text: said.join('') }))
      }
      const thoughts = { type: 'reasoning', summary: [{ type: 'summary_text', text: thought.join('') }] }
      spoken('response.reasoning_summary_text', thought, thoughts)
      spoken('response.output_text', texts, message(texts.join('')))
      for (const [number, { name, args }] of calls.entries()) {
        const json = JSON.stringify(args)
        const whole = call(json, { name, call_id: `c${number}`, id: `fc_${number}` })
        pieces.push(added({ ...whole, arguments: '' }, output.length))
        pieces.push(...kept(json.split(/(?=")/)).map((text) => input(text, output.length)))
        repeat(whole, event('response.function_call_arguments.done', { output_index: output.length, arguments: json }))
      }
      const body = Buffer.from(created + pieces.join('') + completed(repeats.output ? output : []))
      const sizes = [...cut]
      const chunks: Uint8Array[] = []
      for (let at = 0; at < body.length;) chunks.push(body.subarray(at, (at += sizes.shift() ?? body.length)))
      const { events, failure } = read(chunks)
      expect(failure).toBeUndefined()
      const result = await resultOf(events)
      expect(result.text).toBe(texts.join(''))
      expect(result.reasoning).toBe(thought.join(''))
      expect(result.toolCalls.map(({ name, input }) => [name, JSON.parse(input) as unknown])).toEqual(
        calls.map(({ name, args }) => [name, args]),
      )
    }),
  )
})

function resultOf(events: Decoded['events']): Promise<ChatResult> {
  async function* stream(): AsyncGenerator<ChatEvent> {
    for (const each of events) yield each.type === 'start' ? { type: 'start', provider: 'p', model: 'm' } : each
  }
  return collect(stream())
}
