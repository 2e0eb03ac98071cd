import { expect, test } from 'vitest'
import { serverSentEvents } from '../public/sse.js'

async function read(bytes: Uint8Array, size: number): Promise<{ type: string; data: string }[]> {
  const events = []
  const chunks = async function* (): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  for await (const event of serverSentEvents(chunks())) events.push(event)
  return events
}

const WIRE =
  '\uFEFF: a comment\r\n\r\ndata: {"text":"水と川 🌊"}\r\n\r\n' +
  'event: error\ndata:no space\ndata:  two\n\n' +
  'data\r\rid: 7\revent: lost\r\rdata: a: b\n\ndata: unfinished'

const EVENTS = [
  { type: 'message', data: '{"text":"水と川 🌊"}' },
  { type: 'error', data: 'no space\n two' },
  { type: 'message', data: '' },
  { type: 'message', data: 'a: b' },
]

test('events are the same wherever the bytes are split', async () => {
  const bytes = new TextEncoder().encode(WIRE)
  for (let size = 1; size <= bytes.length; size++)
    expect(await read(bytes, size), `chunks of ${size} bytes`).toEqual(EVENTS)
})

test('a CR at the end of a chunk and an LF at the start of the next are one line ending', async () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
  const chunks = async function* (): AsyncGenerator<Uint8Array, void> {
    yield encode('data: a\r')
    yield encode('\ndata: b\r')
    yield encode('\n\r')
    yield encode('\n')
  }
  const events = []
  for await (const event of serverSentEvents(chunks())) events.push(event)
  expect(events).toEqual([{ type: 'message', data: 'a\nb' }])
})
