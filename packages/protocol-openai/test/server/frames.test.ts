import { ChatError, type ChatEvent, type FrameLabel } from '@rivulet/core'
import { readSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { chunksIn, say, start, writerOf } from '../support/server.ts'

/** A frame whose bytes no writer of ours makes, so that a test sees whether it was passed on. */
const frame = (data: string, label: FrameLabel = 'as-is'): ChatEvent => ({
  type: 'raw',
  dialect: 'openai-chat',
  label,
  data: data === '[DONE]' ? data : JSON.stringify({ raw: data }),
})
const raw = (data: string): object => ({ raw: data })
const finish: ChatEvent = {
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens: 1, outputTokens: 2, source: 'reported' },
}
const ends = [frame('reason', 'end'), frame('usage', 'usage'), frame('[DONE]', 'end'), finish]
const written = (events: readonly ChatEvent[], asked?: object, seal = false): unknown[] =>
  chunksIn(writerOf(asked, { seal }).write(events))
const delta = (content: object, model = 'acme-1'): object =>
  expect.objectContaining({ model, choices: [expect.objectContaining({ delta: content })] }) as object
const from: ChatEvent = { ...start, model: 'acme-1' } as ChatEvent

describe('frames of an endpoint of the same dialect', () => {
  test('are passed on, and the end of the answer after all of them', () => {
    expect(written([frame('role'), from, frame('text'), say('a'), ...ends])).toEqual([
      raw('role'),
      raw('text'),
      raw('reason'),
      '[DONE]',
    ])
  })

  test('that have nothing but usage are passed on to a client that asked for it', () => {
    const asked = { stream_options: { include_usage: true } }
    expect(written([frame('role'), from, ...ends], asked)).toEqual([raw('role'), raw('reason'), raw('usage'), '[DONE]'])
  })

  test('wait with what ends the answer', () => {
    const writer = writerOf()
    expect(chunksIn(writer.write([frame('role'), from, frame('text'), say('a'), frame('reason', 'end')]))).toHaveLength(
      2,
    )
    expect(writer.fail(new ChatError('truncated', 'gone'))).not.toContain('reason')
  })

  test('that are mended are written, with the id and the model of the others', () => {
    const events = [frame('role'), from, frame('call', 'mended'), { type: 'tool-call', id: '1', name: 'f' } as const]
    expect(written(events)).toEqual([
      raw('role'),
      delta({ tool_calls: [{ index: 0, id: '1', type: 'function', function: { name: 'f', arguments: '' } }] }),
    ])
  })

  test('of data in lines are lines of data', () => {
    const lines: ChatEvent = { type: 'raw', dialect: 'openai-chat', label: 'as-is', data: '{\n"a":1}' }
    expect(writerOf().write([lines])).toBe('data: {\ndata: "a":1}\n\n')
  })

  test('without an end mark at the end get a whole end', () => {
    const chunks = written([frame('role'), from, frame('text'), say('a'), frame('reason', 'end'), finish])
    expect(chunks.slice(0, 2)).toEqual([raw('role'), raw('text')])
    expect(chunks.at(-1)).toBe('[DONE]')
    expect(chunks).toContainEqual(
      expect.objectContaining({ choices: [expect.objectContaining({ finish_reason: 'stop' })] }),
    )
  })

  test.each(['resume', 'restart'] as const)('are written after a %s: those of another answer would follow', (type) => {
    const broken = { type, from: 'acme', reason: 'overloaded', message: 'gone' } as const
    const first = type === 'resume' ? [frame('role'), from, frame('text'), say('a')] : [frame('role'), from]
    const chunks = written([...first, broken, frame('other role'), from, frame('other text'), say('b'), ...ends])
    expect(JSON.stringify(chunks)).not.toContain('other')
    expect(chunks).toContainEqual(delta({ content: 'b' }))
    expect(chunks.at(-1)).toBe('[DONE]')
  })

  test('do not make a restart possible after content', () => {
    const broken = { type: 'restart', from: 'acme', reason: 'overloaded', message: 'gone' } as const
    expect(() => written([frame('role'), from, frame('text'), say('a'), broken])).toThrow(/part of it was already sent/)
  })
})

describe('a server that seals', () => {
  const signed: ChatEvent = { type: 'reasoning', text: '', signature: 's' }

  test('writes a signature with its author, also where its frame could pass', () => {
    const chunks = written([frame('role'), from, frame('signed'), signed, frame('text'), say('a')], {}, true)
    expect(chunks.map((chunk) => JSON.stringify(chunk).slice(0, 12))).toEqual([
      '{"raw":"role',
      '{"id":"c1","',
      '{"raw":"text',
    ])
    const seal = /"signature":"([^"]+)"/.exec(JSON.stringify(chunks[1]))?.[1] ?? ''
    expect(readSeal(seal)).toEqual({ provider: 'acme', model: 'acme-1', value: 's' })
  })

  test('does so also when a frame and its events come one by one', () => {
    const writer = writerOf({}, { seal: true })
    const body = [frame('role'), from, frame('signed'), signed, frame('text'), say('a')]
      .map((event) => writer.write([event]))
      .join('')
    expect(chunksIn(body)).toHaveLength(3)
    expect(body).not.toContain('"raw":"signed"')
  })

  test('passes frames without one, and a server that does not seal passes all', () => {
    expect(written([frame('role'), from, frame('hm'), { type: 'reasoning', text: 'hm' }], {}, true)).toEqual([
      raw('role'),
      raw('hm'),
    ])
    expect(written([frame('role'), from, frame('signed'), signed])).toEqual([raw('role'), raw('signed')])
  })

  test('seals the signature of a call', () => {
    const call: ChatEvent = { type: 'tool-call', id: '1', name: 'f', signature: 's' }
    const body = writerOf({}, { seal: true }).write([from, call])
    const seal = /"thought_signature":"([^"]+)"/.exec(body)?.[1] ?? ''
    expect(readSeal(seal)).toEqual({ provider: 'acme', model: 'acme-1', value: 's' })
    expect(writerOf().write([from, call])).toContain('"thought_signature":"s"')
  })

  test('seals in a document too, with the id of what is sealed', () => {
    const sealed: ChatEvent = { type: 'reasoning', text: '', sealed: 'd', id: 'rs_1' }
    const body = writerOf({ stream: false }, { seal: true }).write([from, sealed, say('a'), finish])
    const data = /"data":"([^"]+)"/.exec(body)?.[1] ?? ''
    expect(readSeal(data)).toEqual({ provider: 'acme', model: 'acme-1', value: 'd', id: 'rs_1' })
  })
})

describe('the model that a client sees', () => {
  test('is the one that it asked for, where no frame names another', () => {
    expect(written([{ ...start, model: 'release-2' } as ChatEvent, say('a')])[1]).toMatchObject({ model: 'gpt-4' })
    expect(JSON.parse(writerOf({ stream: false }).write([from, say('a'), finish]))).toMatchObject({ model: 'gpt-4' })
  })
})

test('an idle stream is kept open by a comment; a document has no place for one', () => {
  expect(writerOf().ping()).toBe(': ping\n\n')
  expect(writerOf({ stream: false }).ping()).toBe('')
})

test('a document that fails is an error, and nothing is written after it', () => {
  const writer = writerOf({ stream: false })
  expect(writer.write([from, say('a')])).toBe('')
  expect(JSON.parse(writer.fail(new ChatError('overloaded', 'full')))).toMatchObject({ error: { message: 'full' } })
  expect(writer.write([finish])).toBe('')
})
