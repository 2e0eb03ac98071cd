import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import type { ChatEvent } from '../../src/chat.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { END, frame, plain, text } from '../support/plain.ts'
import { acme, eventsOf, failure, hello, transports } from '../support/providers.ts'
import { serve } from '../support/servers.ts'

const ANSWER = text('all') + END

describe('frames as raw events', () => {
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
      const protocol: typeof plain = {
        ...plain,
        decode(emit) {
          const decoder = plain.decode(emit)
          return {
            ...decoder,
            push(one) {
              if (one.text() !== 'ping') decoder.push(one)
            },
          }
        },
      }
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
