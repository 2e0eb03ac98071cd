import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import type { ChatEvent } from '../../src/chat.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { decodePlain, END, frame, plainWith, text } from '../support/plain.ts'
import { acme, eventsOf, failure, hello, readUntilFailure, transports } from '../support/providers.ts'
import { serve } from '../support/servers.ts'

const ANSWER = text('all') + END

describe('frames as raw events', () => {
  test('say what a server may do with them: the frames that end the answer wait for its finish', async () => {
    // USAGE is a frame with nothing but usage, MENDED one that the decoder reads otherwise, REASON lets the answer end.
    const protocol = plainWith((emit) => {
      const decoder = decodePlain(emit)
      let mayEnd = false
      let label: 'mended' | 'usage' | undefined
      return {
        ...decoder,
        get mayEnd() {
          return mayEnd
        },
        get label() {
          return label
        },
        push(one) {
          const data = one.text()
          label = data === 'USAGE' ? 'usage' : data === 'MENDED' ? 'mended' : undefined
          mayEnd ||= data === 'REASON'
          if (data === 'MENDED') emit({ type: 'text', text: 'mended' })
          else if (label === undefined && data !== 'REASON') decoder.push(one)
        },
      }
    })
    const frames = [text('a'), frame('MENDED'), frame('REASON'), frame('USAGE'), END]
    const server = await serve((response) => response.end(frames.join('')))
    const events = await eventsOf(acme(server.url, {}, { protocol }).stream(hello, { raw: true }))
    const raw = events.flatMap((event) => (event.type === 'raw' ? [[event.dialect, event.label, event.data]] : []))
    expect(raw).toEqual([
      ['plain', 'as-is', '{"type":"text","text":"a"}'],
      ['plain', 'mended', 'MENDED'],
      ['plain', 'end', 'REASON'],
      ['plain', 'usage', 'USAGE'],
      ['plain', 'end', 'END'],
    ])
    // Each is before the events that were read out of it.
    expect(events.map(({ type }) => type)).toEqual([
      ...['raw', 'start', 'text', 'raw', 'text', 'raw', 'raw', 'raw', 'finish'],
    ])
  })

  test('a frame that is refused is not delivered, and its words are in the error', async () => {
    const server = await serve((response) => response.end(text('a') + frame('{"error":{"message":"out of sorts"}}')))
    const { events, reason } = await readUntilFailure(acme(server.url).stream(hello, { raw: true }))
    expect(events.map(({ type }) => type)).toEqual(['raw', 'start', 'text'])
    expect(String(reason)).toContain('out of sorts')
  })

  test.each([
    ['nothing', ''],
    ['another end mark', frame('[DONE]')],
    ['a second answer', ANSWER],
  ])('the finish is the last event of the stream and of its batch, whatever follows it: %s', async (_what, after) => {
    const server = await serve((response) => response.end(ANSWER + after))
    const events = await eventsOf(acme(server.url).stream(hello, { raw: true }))
    expect(events.map(({ type }) => type)).toEqual(['raw', 'start', 'text', 'raw', 'finish'])
  })

  test.each(transports)(
    'a heartbeat that is only a raw event does not extend the idle deadline, over %s',
    async (_name, open) => {
      const clock = new ManualClock()
      let response: ServerResponse | undefined
      const server = await serve((current) => {
        response = current
        current.write(text('half'))
      })
      // Pings are frames that mean nothing.
      const protocol = plainWith((emit) => {
        const decoder = decodePlain(emit)
        return {
          ...decoder,
          push(one) {
            if (one.text() !== 'ping') decoder.push(one)
          },
        }
      })
      const provider = acme(server.url, { transport: open(), deadlines: { idleMs: 100, clock } }, { protocol })
      const events: ChatEvent[] = []
      const reading = failure(
        (async () => {
          for await (const event of provider.stream(hello, { raw: true })) events.push(event)
        })(),
        'timeout',
      )
      const pings = (): number => events.filter((event) => event.type === 'raw' && event.data === 'ping').length
      while (events.length < 3) await eventLoopTurn()
      for (let sent = 1; sent <= 3; sent++) {
        response?.write(frame('ping'))
        while (pings() < sent) await eventLoopTurn()
        await clock.advance(30)
      }
      await clock.advance(10)
      expect((await reading).partial?.text).toBe('half')
    },
  )
})
