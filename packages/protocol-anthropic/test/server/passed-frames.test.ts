import type { ChatEvent } from '@rivulet/core'
import type { DecodedEvent, Frame } from '@rivulet/core/provider'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messages } from '../../src/index.ts'
import { StreamWriter } from '../../src/server/stream-writer.ts'
import {
  asChat,
  block,
  delta,
  done,
  end,
  piece,
  read,
  say,
  sse,
  start,
  started,
  stop,
  tool,
} from '../support/decoding.ts'

type Message = Record<string, unknown> & { type: string }

/** The blocks of an answer, each with its index; texts may follow texts, and some have citations. */
const blocks = fc.array(fc.constantFrom('text', 'cited', 'thinking', 'redacted', 'call', 'own', 'ping'), {
  maxLength: 7,
})
const citation = { type: 'char_location', cited_text: 'a' }

function answerOf(kinds: readonly string[]): Message[] {
  let index = 0
  const content = kinds.flatMap((kind): Message[] => {
    if (kind === 'ping') return [{ type: 'ping' }]
    const at = index++
    const text = [block(at, { type: 'text', text: '' }), say(`a${at}`, at), say('b', at)]
    switch (kind) {
      case 'text':
        return [...text, end(at)]
      case 'cited':
        return [...text, delta(at, { type: 'citations_delta', citation }), end(at)]
      case 'thinking':
        return [
          block(at, { type: 'thinking', thinking: '', signature: '' }),
          delta(at, { type: 'thinking_delta', thinking: `t${at}` }),
          delta(at, { type: 'signature_delta', signature: `s${at}` }),
          end(at),
        ]
      case 'redacted':
        return [block(at, { type: 'redacted_thinking', data: `d${at}` }), end(at)]
      case 'call':
        return [block(at, tool(`t${at}`)), piece('{"x":', at), piece('1}', at), end(at)]
      default:
        return [
          block(at, { type: 'server_tool_use', id: `s${at}`, name: 'f', input: {} }),
          piece('{"q":1}', at),
          end(at),
        ]
    }
  })
  return [start({}), ...content, stop(kinds.includes('call') ? 'tool_use' : 'end_turn', {}), done]
}

/** The frames of an answer with what the decoder reads out of them; those at `mended` as if it had to mend them. */
function framesOf(sent: readonly Message[], mended: ReadonlySet<number>): ChatEvent[] {
  const events: DecodedEvent[] = []
  const decoder = messages()
    .open({ model: 'm', messages: [] })
    .decode((event) => events.push(event))
  return sent.flatMap((message, at): ChatEvent[] => {
    const data = JSON.stringify(message)
    const buffer = Buffer.from(data)
    const frame: Frame = {
      event: message.type,
      buffer,
      start: 0,
      end: buffer.length,
      text: (from = 0, to = buffer.length) => buffer.toString('utf8', from, to),
    }
    decoder.push(frame)
    // What is given whole is read out of its last frame: the decoder does not mend the others.
    const isPart = message.type === 'content_block_delta' && events.length === 0
    const label = mended.has(at) && !isPart ? 'mended' : (decoder.label ?? (message === done ? 'end' : 'as-is'))
    const raw: ChatEvent = { type: 'raw', dialect: 'anthropic-messages', label, event: message.type, data }
    return [raw, ...asChat(events.splice(0))]
  })
}

/** What an answer says: adjoining texts, and the cuts of texts, are one. */
function meaningOf(sent: string): unknown {
  const { events, failure } = read(sent)
  const said: unknown[] = []
  let text = ''
  for (const event of [...events, undefined]) {
    if (event?.type === 'text') text += event.text
    else if (event?.type === 'tool-input') said.push(['input', event.id, event.text])
    else if (event?.type === 'native' && event.value.type === 'text') said.push(['cited', event.value.citations])
    else {
      if (text !== '') said.push(text)
      text = ''
      if (event !== undefined) said.push(event)
    }
  }
  return { said: said.filter((each) => !isPiece(each)), inputs: inputsOf(said), failure }
}
const isPiece = (each: unknown): boolean => Array.isArray(each) && each[0] === 'input'
const inputsOf = (said: readonly unknown[]): Record<string, string> => {
  const inputs: Record<string, string> = {}
  for (const each of said) {
    if (!Array.isArray(each) || each[0] !== 'input') continue
    const id = String(each[1])
    inputs[id] = (inputs[id] ?? '') + String(each[2])
  }
  return inputs
}

const written = (events: readonly ChatEvent[]): string =>
  new StreamWriter({ id: 'msg_1', model: 'm', seal: false }).write(events)

test('frames that all pass are the answer, byte for byte', () => {
  fc.assert(
    fc.property(blocks, (kinds) => {
      const sent = answerOf(kinds)
      expect(written(framesOf(sent, new Set()))).toBe(sse(...sent))
    }),
  )
})

test('an answer says the same whichever of its frames had to be mended, and its blocks follow one another', () => {
  fc.assert(
    fc.property(blocks, fc.array(fc.nat(40), { maxLength: 3 }), (kinds, mended) => {
      const sent = answerOf(kinds)
      const got = written(framesOf(sent, new Set(mended)))
      expect(meaningOf(got)).toEqual(meaningOf(sse(...sent)))
      let open: unknown
      let next = 0
      for (const line of got.split('\n').filter((each) => each.startsWith('data: '))) {
        const { type, index } = JSON.parse(line.slice(6)) as Message
        if (type === 'content_block_start') expect([index, open]).toEqual([next++, undefined])
        if (type.startsWith('content_block')) open ??= index
        if (type === 'content_block_delta' || type === 'content_block_stop') expect(index).toBe(open)
        if (type === 'content_block_stop') open = undefined
      }
      expect(open).toBeUndefined()
    }),
    { numRuns: 2_000 },
  )
})

test('an answer that goes on at another member says what both said', () => {
  fc.assert(
    fc.property(blocks, fc.nat(30), (kinds, cut) => {
      const first = framesOf(answerOf(kinds), new Set()).slice(0, cut)
      const resume: ChatEvent = { type: 'resume', from: 'a', reason: 'truncated', message: 'cut' }
      const rest = framesOf(answerOf(['text']), new Set())
      const { failure } = read(written([...asChat([started]), ...first, resume, ...rest]))
      // A call or a frame that was cut makes no whole answer; nothing else fails.
      expect(['truncated', undefined]).toContain(failure?.code)
    }),
  )
})
