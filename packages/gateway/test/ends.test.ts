import type { ChatEvent } from '@rivulet/core'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { CLIENTS, commentsOf, eventsOf, signOf } from './support/clients.ts'
import { failure, finish, start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { SERVERS, serving } from './support/serving.ts'

describe.each(SERVERS)('%s', (kind) => {
  describe.each(CLIENTS.map((client, at) => ({ ...client, at })))('$name', (client) => {
    const { path, body, textOf, isWhole, failureIn } = client

    test('a break after content is told, and what was sent is no whole answer', async () => {
      const breaks = steps([start(), text('Hel')], failure('truncated', 'acme: the answer broke off'))
      await using server = await serving(
        kind,
        scriptedProvider('acme', systemClock, () => breaks),
      )
      const events = eventsOf(await (await server.post(path(true), body(true))).text())
      expect([textOf(events), isWhole(events), failureIn(events)]).toEqual(['Hel', false, 'acme: the answer broke off'])
    })

    test('after 10 s without content the answer begins, and lives every 10 s; failover is still possible', async () => {
      const clock = new ManualClock()
      const slow = scriptedProvider('slow', clock, () => [{ afterMs: 25_000, error: failure('overloaded') }])
      const healthy = scriptedProvider('healthy', clock, () => steps([start('healthy'), text('Hello there'), finish]))
      await using server = await serving(kind, failover([slow, healthy], { clock }), { clock })
      const asked = server.post(path(true), body(true))
      let isBegun = false
      void asked.then(() => (isBegun = true))
      await expect.poll(() => slow.requests).toBe(1)
      await clock.advance(9_999)
      expect(isBegun).toBe(false)
      await clock.advance(1)
      const response = await asked
      expect(response.status).toBe(200)
      const reading = new Reading(response)
      const first = (await reading.until('\n\n')).text
      await clock.advance(10_000)
      await reading.until(`${first}${client.name === 'Responses' ? 'event: keepalive' : first}`)
      await clock.advance(10_000)
      const all = await reading.end()
      const events = eventsOf(all)
      expect([textOf(events), isWhole(events), failureIn(events)]).toEqual(['Hello there', true, undefined])
      // One client waits for ever after a comment.
      if (client.name === 'Gemini') expect(all).toMatch(/^(?:\s*data: .*\n\n)+$/)
      else expect(commentsOf(all)).toContain('x-rivulet-provider: healthy')
      await expect.poll(() => clock.pending).toBe(0)
    })

    test('a failure after a sign of life is said inside the answer', async () => {
      const clock = new ManualClock()
      const slow = scriptedProvider('acme', clock, () => [{ afterMs: 15_000, error: failure('overloaded') }])
      await using server = await serving(kind, slow, { clock, retry: false })
      const asked = server.post(path(true), body(true))
      await expect.poll(() => slow.requests).toBe(1)
      await clock.advance(15_000)
      const events = eventsOf(await (await asked).text())
      expect([textOf(events), isWhole(events), failureIn(events)]).toEqual(['', false, 'acme: overloaded'])
    })

    test('an endpoint that is dead is ended here, and its client is told', async () => {
      const clock = new ManualClock()
      const dead = scriptedProvider('acme', clock, () => [{ afterMs: 0, events: [start(), text('Hello')] }])
      await using server = await serving(kind, dead, { clock, deadlines: { idleMs: 30_000, clock }, retry: false })
      const asked = server.post(path(true), body(true))
      await expect.poll(() => dead.requests).toBe(1)
      await clock.advance(0)
      const answer = new Reading(await asked).end()
      await clock.advance(30_000)
      const events = eventsOf(await answer)
      expect([textOf(events), isWhole(events), failureIn(events)]).toEqual([
        'Hello',
        false,
        'acme: no further event within 30000 ms (idleMs)',
      ])
      expect(dead.inFlight).toBe(0)
    })

    test('a silence in the answer has signs of life', async () => {
      const clock = new ManualClock()
      const pausing = scriptedProvider('acme', clock, () => [
        { afterMs: 0, events: [start(), text('Hello')] },
        { afterMs: 25_000, events: [text(' there'), finish] },
      ])
      await using server = await serving(kind, pausing, { clock })
      const asked = server.post(path(true), body(true))
      await expect.poll(() => pausing.requests).toBe(1)
      await clock.advance(0)
      const reading = await new Reading(await asked).until('Hello')
      const sign = signOf(client)
      await clock.advance(10_000)
      await reading.until(sign)
      await clock.advance(10_000)
      await reading.until(sign, 2)
      await clock.advance(5_000)
      const all = await reading.end()
      expect(textOf(eventsOf(all))).toBe('Hello there')
    })

    test.each([true, false])(
      'a client that leaves closes the upstream, also before any content (streamed: %s)',
      async (stream) => {
        const silent = scriptedProvider('acme', systemClock, () => [])
        await using server = await serving(kind, silent)
        const leaving = new AbortController()
        const asked = server.post(path(stream), body(stream), { signal: leaving.signal })
        await expect.poll(() => silent.inFlight).toBe(1)
        leaving.abort()
        await expect(asked).rejects.toThrow()
        await expect.poll(() => silent.inFlight).toBe(0)
      },
    )

    test('a client that leaves in the answer closes the upstream', async () => {
      const endless = scriptedProvider('acme', systemClock, () => steps([start(), text('Hello')]))
      await using server = await serving(kind, endless)
      const reading = await new Reading(await server.post(path(true), body(true))).until('Hello')
      expect(endless.inFlight).toBe(1)
      await reading.leave()
      await expect.poll(() => endless.inFlight).toBe(0)
    })

    test('a client that aborts while it reads gets its own reason', async () => {
      const endless = scriptedProvider('acme', systemClock, () => steps([start(), text('Hello')]))
      await using server = await serving(kind, endless)
      const leaving = new AbortController()
      const asked = server.post(path(true), body(true), { signal: leaving.signal })
      const reading = await new Reading(await asked).until('Hello')
      leaving.abort(new Error('enough'))
      await expect(reading.end()).rejects.toThrow('enough')
      await expect.poll(() => endless.inFlight).toBe(0)
    })

    test('a break of an answer that is not streamed is not seen: another attempt takes its place', async () => {
      const breaks = scriptedProvider('one', systemClock, () =>
        steps([start('one'), text('Hel')], failure('truncated')),
      )
      const healthy = scriptedProvider('other', systemClock, () => whole)
      await using server = await serving(kind, failover([breaks, healthy]))
      const response = await server.post(path(false), body(false))
      expect(response.status).toBe(200)
      expect(client.textIn(await response.json())).toBe('Hello there')
    })

    test('an answer that is not streamed has 290 s, without signs of life, shared by the members', async () => {
      const clock = new ManualClock()
      const silent = ['one', 'other'].map((id) => scriptedProvider(id, clock, () => []))
      await using server = await serving(kind, failover(silent, { clock }), { clock })
      const asked = server.post(path(false), body(false))
      await expect.poll(() => silent[0]?.requests).toBe(1)
      await clock.advance(289_999)
      expect(silent.some(({ inFlight }) => inFlight === 1)).toBe(true)
      await clock.advance(1)
      expect((await asked).status).toBeGreaterThanOrEqual(500)
      expect(silent.map(({ inFlight }) => inFlight)).toEqual([0, 0])
      await expect.poll(() => clock.pending).toBe(0)
    })

    test('one id and one model are in the whole answer, also across a break that is gone on from', async () => {
      const one = scriptedProvider('one', systemClock, () =>
        steps([start('one', { id: 'id-one', model: 'm-one' }), text('Hello ')], failure('truncated')),
      )
      const other = scriptedProvider(
        'other',
        systemClock,
        () => steps([start('other', { id: 'id-other', model: 'm-other' }), text('Hello there'), finish]),
        {
          prefill: true,
        },
      )
      await using server = await serving(kind, failover([one, other], { onBreak: 'continue' }))
      const answer = await (await server.post(path(true), body(true))).text()
      expect(answer).not.toContain('other"')
      expect(isWhole(eventsOf(answer))).toBe(true)
    })

    test('headers say who has answered, and what became of the request', async () => {
      const named: ChatEvent = start('acme', { model: 'm-2', dropped: ['topK', "reasoning: 'max' sent as 'high'"] })
      const provider = scriptedProvider('acme', systemClock, () => steps([named, text('Hello')], [finish]))
      const down = scriptedProvider('down', systemClock, () => steps(failure('overloaded')))
      await using server = await serving(kind, failover([down, provider]))
      for (const stream of [true, false]) {
        const { headers } = await server.post(path(stream), body(stream))
        expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-rivulet-')))).toEqual({
          'x-rivulet-provider': 'acme',
          'x-rivulet-model': 'm-2',
          'x-rivulet-attempts': '2',
          'x-rivulet-dropped': "topK, reasoning: 'max' sent as 'high'",
        })
        expect(headers.get('x-request-id')).toMatch(/^req_/)
      }
    })
  })
})
