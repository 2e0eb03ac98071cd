import type { ServerResponse } from 'node:http'
import { beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import type { ChatEvent } from '../../src/chat.ts'
import type { Protocol } from '../../src/protocol.ts'
import { collect } from '../../src/reading/collect.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { decodePlain, frame, plainWith, text } from '../support/plain.ts'
import { acme, failure, hello, rejection, transports } from '../support/providers.ts'
import { closed, serve, type TestServer } from '../support/servers.ts'

const REASON = frame('REASON')

/** The plain dialect, with a reason to end that is not the end, as in chat completions and Gemini. */
const reasoned = (endsAfterMs: Protocol['endsAfterMs']): Protocol => ({
  ...plainWith((emit) => {
    const decoder = decodePlain(emit)
    let mayEnd = false
    return {
      get mayEnd() {
        return mayEnd
      },
      push(frame) {
        if (frame.text() === 'REASON') mayEnd = true
        else if (frame.text() === 'NO REASON') mayEnd = false
        else decoder.push(frame)
      },
      end() {
        if (mayEnd) emit({ type: 'finish', reason: 'stop' })
        else decoder.end()
      },
    }
  }),
  endsAfterMs,
})

describe.each(transports)('after a reason to end, over %s', (_name, open) => {
  let clock = new ManualClock()
  let response: ServerResponse | undefined
  let server: TestServer | undefined
  let events: ChatEvent[] = []

  beforeEach(async () => {
    clock = new ManualClock()
    response = undefined
    events = []
    server = await serve((current) => {
      response = current
      current.writeHead(200, { 'content-type': 'text/event-stream' })
    })
  })

  function read(endsAfterMs: Protocol['endsAfterMs'], idleMs = 60_000): Promise<void> {
    const options = { transport: open(), deadlines: { idleMs, clock } }
    const provider = acme(server?.url ?? '', options, { protocol: reasoned(endsAfterMs) })
    return (async () => {
      for await (const event of provider.stream(hello, { raw: true })) events.push(event)
    })()
  }

  /** Sends, and waits until the reader has the last of its frames. */
  async function send(...frames: string[]): Promise<void> {
    while (response === undefined) await eventLoopTurn()
    const before = events.length
    response.write(frames.join(''))
    while (events.length === before) await eventLoopTurn()
    await eventLoopTurn()
  }

  const texts = (): string[] => events.flatMap((event) => (event.type === 'text' ? [event.text] : []))

  test('a silence ends the answer, and its connection is closed', async () => {
    const reading = read(1_000)
    await send(text('one'), REASON)
    await clock.advance(999)
    expect(events.at(-1)?.type).not.toBe('finish')
    await clock.advance(1)
    await reading
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
    await closed(server?.sockets[0])
    expect(clock.pending).toBe(0)
  })

  test('text that comes in the silence arrives, and the silence begins anew', async () => {
    const reading = read(1_000)
    await send(text('one'), REASON)
    await clock.advance(900)
    await send(text('two'))
    await clock.advance(900)
    await send(text('three'))
    await clock.advance(1_000)
    await reading
    expect(texts()).toEqual(['one', 'two', 'three'])
  })

  test('a decoder that takes the reason back ends the silence: another reason begins another', async () => {
    const reading = read(1_000)
    await send(text('one'), REASON)
    await clock.advance(900)
    await send(frame('NO REASON'))
    await clock.advance(1_000)
    await send(text('two'), REASON)
    await clock.advance(1_000)
    await reading
    expect(texts()).toEqual(['one', 'two'])
    expect(clock.pending).toBe(0)
  })

  test('comments do not extend it', async () => {
    const reading = read(1_000)
    await send(text('one'), REASON)
    for (let pings = 0; pings < 3; pings++) {
      await clock.advance(300)
      response?.write(': ping\n\n')
      for (let turns = 0; turns < 5; turns++) await eventLoopTurn()
    }
    await clock.advance(100)
    await reading
    expect(texts()).toEqual(['one'])
  })

  test('the end of the body ends the answer at once', async () => {
    const reading = read(1_000)
    await send(text('one'), REASON)
    response?.end()
    await reading
    expect(events.at(-1)?.type).toBe('finish')
    expect(clock.pending).toBe(0)
  })

  test('a reset is truncated', async () => {
    const reading = read(1_000)
    await send(text('one'), REASON)
    response?.destroy()
    const error = await failure(reading, 'truncated')
    expect(error.partial?.text).toBe('one')
  })

  test('a silence as long as the idle deadline ends the answer before that deadline passes', async () => {
    const reading = read('idleMs', 5_000)
    await send(text('one'), REASON)
    await clock.advance(5_000)
    await reading
    expect(events.at(-1)?.type).toBe('finish')
  })

  test('an idle deadline that is shorter than the silence shortens it', async () => {
    const reading = read(1_000, 100)
    await send(text('one'), REASON)
    await clock.advance(100)
    await reading
    expect(events.at(-1)?.type).toBe('finish')
  })

  test('the caller’s abort ends it with its reason', async () => {
    const controller = new AbortController()
    const provider = acme(server?.url ?? '', { transport: open(), deadlines: { clock } }, { protocol: reasoned(1_000) })
    const reading = collect(provider.stream(hello, { signal: controller.signal }))
    const failed = rejection(reading)
    while (response === undefined) await eventLoopTurn()
    response.write(text('one') + REASON)
    for (let turns = 0; turns < 10; turns++) await eventLoopTurn()
    const reason = new Error('no more')
    controller.abort(reason)
    expect(await failed).toBe(reason)
    expect(clock.pending).toBe(0)
  })

  test('without a reason to end, a silence is a timeout as ever', async () => {
    const reading = read(1_000, 5_000)
    await send(text('one'))
    const failed = failure(reading, 'timeout')
    await clock.advance(5_000)
    expect((await failed).partial?.text).toBe('one')
  })
})
