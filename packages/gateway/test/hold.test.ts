import type { ChatEvent, Provider } from '@rivulet/core'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'
import { scriptedProvider, type ScriptedProvider, type ScriptedStep } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { type HoldMode, newKey } from '../src/index.ts'
import { type Client, CLIENTS, commentsOf, eventsOf, signOf } from './support/clients.ts'
import { failure, finish, start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { SERVERS, serving } from './support/serving.ts'

const call = (id: string): ChatEvent => ({ type: 'tool-call', id, name: 'f' })
const input = (id: string, words: string): ChatEvent => ({ type: 'tool-input', id, text: words })
const called: ChatEvent = { type: 'finish', reason: 'tool-calls' }
const scripted = (id: string, ...script: readonly ScriptedStep[]): ScriptedProvider =>
  scriptedProvider(id, systemClock, () => script)

const TOOL = { name: 'f', description: 'd', parameters: { type: 'object', properties: {} } }
const TOOLS: Readonly<Record<Client['name'], unknown>> = {
  'chat completions': [{ type: 'function', function: TOOL }],
  Responses: [{ type: 'function', ...TOOL }],
  Messages: [{ name: 'f', description: 'd', input_schema: TOOL.parameters }],
  Gemini: [{ functionDeclarations: [TOOL] }],
}
const held = (mode: HoldMode): RequestInit => ({ headers: { 'x-rivulet-hold': mode } })

describe.each(SERVERS)('%s', (kind) => {
  describe.each(CLIENTS)('$name', (client) => {
    const { path, textOf, textIn, isWhole, failureIn } = client
    const body = (stream: boolean): object => ({ ...client.body(stream), tools: TOOLS[client.name] })

    // Each way in which a member may break after its first content, and before.
    test.each<[string, readonly ScriptedStep[]]>([
      ['in its text', steps([start('bad'), text('Hel')], failure('truncated'))],
      ['in a thought', steps([start('bad'), { type: 'reasoning', text: 'Let me' }], failure('overloaded'))],
      ['in a tool call', steps([start('bad'), call('c1'), input('c1', '{"x"')], failure('network'))],
      ['before its content', steps([start('bad')], failure('malformed'))],
      ['at its very end', steps([start('bad'), text('Hello')], [text(' there')], failure('truncated'))],
    ])("'answer': a member that breaks %s is not seen beside a healthy one", async (_where, script) => {
      for (const stream of [true, false]) {
        await using server = await serving(kind, failover([scripted('bad', ...script), scripted('good', ...whole)]), {
          hold: 'answer',
        })
        const response = await server.post(path(stream), body(stream))
        expect([response.status, response.headers.get('x-rivulet-provider')]).toEqual([200, 'acme'])
        const answer = await response.text()
        if (stream) {
          const events = eventsOf(answer)
          expect([textOf(events), isWhole(events), failureIn(events)]).toEqual(['Hello there', true, undefined])
        } else expect(textIn(JSON.parse(answer))).toBe('Hello there')
        expect(answer).not.toContain('"bad"')
      }
    })

    test("'answer': when every member breaks, the failure has a status, and nothing of an answer is sent", async () => {
      const breaks = steps([start(), text('Hel')], failure('truncated', 'acme: broke off'))
      await using server = await serving(kind, failover([scripted('one', ...breaks), scripted('other', ...breaks)]))
      const response = await server.post(path(true), body(true), held('answer'))
      expect(response.status).toBeGreaterThanOrEqual(500)
      expect(await response.text()).not.toContain('Hel"')
    })

    test("'answer': a break after signs of life is not seen either", async () => {
      const clock = new ManualClock()
      const bad = scriptedProvider('bad', clock, () => [
        { afterMs: 0, events: [start('bad', { id: 'id-bad' }), text('Hel')] },
        { afterMs: 25_000, error: failure('truncated') },
      ])
      const good = scriptedProvider('good', clock, () => [
        { afterMs: 0, events: [start('good', { id: 'id-good' }), text('Hello')] },
        { afterMs: 5_000, events: [text(' there'), finish] },
      ])
      await using server = await serving(kind, failover([bad, good], { clock }), { clock, hold: 'answer' })
      const asked = server.post(path(true), body(true))
      await expect.poll(() => bad.requests).toBe(1)
      await clock.advance(10_000)
      const answer = new Reading(await asked).end()
      await clock.advance(20_000)
      const events = eventsOf(await answer)
      expect([textOf(events), isWhole(events), failureIn(events)]).toEqual(['Hello there', true, undefined])
      expect(await answer).not.toContain('id-bad')
      await expect.poll(() => clock.pending).toBe(0)
    })

    test("'answer': a client that leaves while it is held closes the upstream", async () => {
      const endless = scripted('acme', ...steps([start(), text('Hello')]))
      await using server = await serving(kind, endless)
      const leaving = new AbortController()
      const asked = server.post(path(true), body(true), { ...held('answer'), signal: leaving.signal })
      await expect.poll(() => endless.inFlight).toBe(1)
      leaving.abort()
      await expect(asked).rejects.toThrow()
      await expect.poll(() => endless.inFlight).toBe(0)
    })

    test.each<[string, object, readonly ScriptedStep[]]>([
      ['holdBytes', { holdBytes: 1_000 }, steps([start(), text('Hello'), text('x'.repeat(2_000))])],
      ['holdMs', { holdMs: 3_000 }, steps([start(), text('Hello')])],
    ])("'answer': past %s it is streamed, and says so", async (name, options, script) => {
      const clock = new ManualClock()
      const endless = scripted('acme', ...script)
      await using server = await serving(kind, endless, { clock, hold: 'answer', ...options })
      const asked = server.post(path(true), body(true))
      // The signs of life and the bound in time.
      await expect.poll(() => clock.pending + endless.requests).toBeGreaterThanOrEqual(2)
      if (name === 'holdMs') {
        await expect.poll(() => clock.pending).toBe(2)
        await clock.advance(3_000)
      }
      const response = await asked
      expect(response.headers.get('x-rivulet-hold')).toContain('streams: more than')
      const reading = await new Reading(response).until('Hello')
      await reading.leave()
      await expect.poll(() => endless.inFlight).toBe(0)
    })

    test("'calls': text is streamed, and a call comes only when the answer is whole", async () => {
      const clock = new ManualClock()
      const calling = scriptedProvider('acme', clock, () => [
        { afterMs: 0, events: [start(), text('I look.')] },
        { afterMs: 1_000, events: [call('call_1'), input('call_1', '{"x"')] },
        { afterMs: 15_000, events: [input('call_1', ':1}'), called] },
      ])
      await using server = await serving(kind, calling, { clock })
      const asked = server.post(path(true), body(true), held('calls'))
      await expect.poll(() => calling.requests).toBe(1)
      await clock.advance(0)
      const reading = await new Reading(await asked).until('I look.')
      await clock.advance(1_000)
      // A sign of life comes after what was written before it.
      await clock.advance(10_000)
      await reading.until(signOf(client))
      expect(reading.text).not.toContain('"call_1"')
      await clock.advance(5_000)
      const all = await reading.end()
      expect(all).toContain('"call_1"')
      expect(all).toMatch(/:\s*1\}/)
    })

    test.each<[string, Error | ChatEvent]>([
      ['breaks', failure('truncated')],
      ['is cut by its limit', { type: 'finish', reason: 'length' }],
    ])("'calls' and 'answer': half a call is never seen, when the answer %s", async (_how, end) => {
      const half = steps(
        [start(), text('I look.')],
        [call('call_1'), input('call_1', '{"x"')],
        end instanceof Error ? end : [end],
      )
      await using server = await serving(kind, scripted('acme', ...half), { retry: false })
      for (const mode of ['calls', 'answer'] as const) {
        const answer = await (await server.post(path(true), body(true), held(mode))).text()
        expect(answer).not.toContain('call_1')
        expect(answer).not.toContain('{\\"x\\"')
      }
    })
  })

  test('a mode that there is not is refused', async () => {
    await using server = await serving(kind, scripted('acme', ...whole))
    const response = await server.post('/v1/messages', CLIENTS[2]?.body(true), held('some' as HoldMode))
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('none, calls, answer')])
  })

  test('the option may choose by the model, and the header comes before it', async () => {
    const provider: Provider = scripted('acme', ...steps([start(), text('Hello')]))
    await using server = await serving(kind, provider, { hold: (model) => (model === 'm' ? 'none' : 'answer') })
    const reading = await new Reading(await server.post('/v1/messages', CLIENTS[2]?.body(true))).until('Hello')
    await reading.leave()
    const other = new AbortController()
    const asked = server.post(
      '/v1/messages',
      { ...CLIENTS[2]?.body(true), model: 'n' },
      { ...held('none'), signal: other.signal },
    )
    await (await new Reading(await asked).until('Hello')).leave()
  })

  test("a key's own comes before the option", async () => {
    const { key, stored } = await newKey('one')
    const bad = scripted('bad', ...steps([start('bad'), text('Hel')], failure('truncated')))
    await using server = await serving(kind, failover([bad, scripted('good', ...whole)]), {
      hold: 'none',
      keys: [{ ...stored, hold: 'answer' }],
    })
    const headers = { 'x-api-key': key }
    const events = eventsOf(await (await server.post('/v1/messages', CLIENTS[2]?.body(true), { headers })).text())
    expect(CLIENTS[2]?.textOf(events)).toBe('Hello there')
  })

  test('what comes too late for a header is a comment', async () => {
    const clock = new ManualClock()
    const slow = scriptedProvider('acme', clock, () => [
      { afterMs: 12_000, events: [start('acme', { dropped: ['topK'] }), text('Hello'), finish] },
    ])
    await using server = await serving(kind, slow, { clock })
    const asked = server.post('/v1/chat/completions', CLIENTS[0]?.body(true))
    await expect.poll(() => slow.requests).toBe(1)
    await clock.advance(12_000)
    const comments = commentsOf(await (await asked).text())
    expect(comments).toEqual(
      expect.arrayContaining(['x-rivulet-provider: acme', 'x-rivulet-dropped: topK', 'x-rivulet-attempts: 1']),
    )
  })
})
