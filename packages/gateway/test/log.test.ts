import { Writable } from 'node:stream'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'
import { scriptedProvider } from '@rivulet/testkit'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { newKey } from '../src/index.ts'
import { log, type Logger } from '../src/log.ts'
import { CLIENTS } from './support/clients.ts'
import { failure, start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { serving } from './support/serving.ts'

const CHAT = '/v1/chat/completions'
const question = CLIENTS[0]?.body(true) ?? {}

/** A logger of pino, and what it has written. */
function logging(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // A line is an object.
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>)
      done()
    },
  })
  return { logger: pino({ level: 'debug', base: null, timestamp: false }, stream), lines }
}

test('a request is one line when it has ended, with the member that answered, the tokens, and the members that failed', async () => {
  const clock = new ManualClock()
  const provider = failover(
    [
      scriptedProvider('down', clock, () => [{ afterMs: 100, error: failure('overloaded') }]),
      scriptedProvider('acme', clock, () => [
        { afterMs: 200, events: [start('acme', { dropped: ['topK'] }), text('Hello')] },
        {
          afterMs: 50,
          events: [{ type: 'finish', reason: 'stop', usage: { inputTokens: 7, outputTokens: 3, source: 'reported' } }],
        },
      ]),
    ],
    { clock },
  )
  const { stored, key } = await newKey('build')
  const { logger, lines } = logging()
  await using server = await serving('listen', provider, { clock, keys: [stored], observers: [log({ logger })] })
  const asked = server.post(CHAT, question, { headers: { authorization: `Bearer ${key}` } })
  await expect.poll(() => clock.pending).toBeGreaterThan(1)
  await clock.advance(350)
  const response = await asked
  await response.text()
  await expect
    .poll(() => lines)
    .toEqual([
      {
        level: 30,
        requestId: response.headers.get('x-request-id'),
        dialect: 'chat',
        operation: 'chat',
        key: 'build',
        model: 'm',
        stream: true,
        hold: 'none',
        outcome: 'answered',
        status: 200,
        finish: 'stop',
        provider: 'acme',
        providerModel: 'm',
        attempts: 2,
        failures: ['down: overloaded'],
        dropped: ['topK'],
        inputTokens: 7,
        outputTokens: 3,
        firstContentMs: 300,
        totalMs: 350,
        msg: 'chat answered',
      },
    ])
})

test('the level says whether somebody has to do something', async () => {
  const provider = scriptedProvider('acme', systemClock, ({ request: { model } }) => {
    if (model === 'breaks') return steps([start(), text('Hello')], failure('truncated'))
    if (model === 'down') return steps(failure('overloaded'))
    return model === 'silent' ? steps([start(), text('Hello')]) : whole
  })
  const { logger, lines } = logging()
  await using server = await serving('listen', provider, { retry: false, observers: [log({ logger })] })
  const ask = (model: string): Promise<Response> => server.post(CHAT, { ...question, model })
  await (await ask('m')).text()
  await (await ask('breaks')).text()
  await (await ask('down')).text()
  await (await server.post(CHAT, '{')).text()
  await (await server.ask('/nowhere')).text()
  await (await server.ask('/v1/models')).text()
  await (await new Reading(await ask('silent')).until('Hello')).leave()
  await expect
    .poll(() => lines.map(({ level, msg }) => [level, msg]))
    .toEqual([
      [30, 'chat answered'],
      [50, 'chat failed'],
      [50, 'chat refused'],
      [40, 'chat refused'],
      [40, 'unknown path refused'],
      [20, 'models answered'],
      [30, 'chat left'],
    ])
})

test('a logger that throws or rejects does not touch the answer, and does not end the process', async () => {
  const provider = scriptedProvider('acme', systemClock, () => whole)
  // A logger that writes to another machine may give a promise.
  const rejects = (): unknown => Promise.reject(new Error('the disk is full'))
  const throws = (): never => {
    throw new Error('the disk is full')
  }
  const observers = [rejects, throws].map((info) => log({ logger: { debug: info, info, warn: info, error: info } }))
  await using server = await serving('listen', provider, { observers })
  expect(await (await server.post(CHAT, question)).text()).toContain('[DONE]')
})

test('an object that is not a logger is refused at once', () => {
  expect(() => log({} as { logger: Logger })).toThrow(/^log: logger/)
  expect(() => log({ logger: {} as Logger })).toThrow(/^log: logger/)
})
