import { ChatError } from '@rivulet/core'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { failover } from 'rivulet'
import { expect, test } from 'vitest'
import { Breakers } from '../src/serve/breakers.ts'

/** Two members: one answers nothing but the model `small`, the other nothing at all. */
function watched(): { breakers: Breakers; clock: ManualClock; ask: (model: string) => Promise<boolean> } {
  const clock = new ManualClock()
  const breakers = new Breakers(clock)
  const members = ['one', 'two'].map((id) =>
    scriptedProvider(id, systemClock, ({ request: { model } }) =>
      id === 'one' && model === 'small'
        ? [
            {
              afterMs: 0,
              events: [
                { type: 'start', provider: id, model },
                { type: 'text', text: 'Hello' },
                { type: 'finish', reason: 'stop' },
              ],
            },
          ]
        : [{ afterMs: 0, error: new ChatError('overloaded', `${id} is down`, { provider: id }) }],
    ),
  )
  const group = failover(members, { clock, breaker: { store: breakers, failures: 2, cooldownMs: 5_000 } })
  const ask = async (model: string): Promise<boolean> => {
    try {
      for await (const _ of group.stream({ model, messages: [{ role: 'user', content: 'Hi' }] }));
      return true
    } catch {
      return false
    }
  }
  return { breakers, clock, ask }
}

test('a breaker that opens is counted until its time is over', async () => {
  const { breakers, clock, ask } = watched()
  await ask('large')
  expect(breakers.openBreakers()).toEqual({})
  await ask('large')
  expect(breakers.openBreakers()).toEqual({ one: 1, two: 1 })
  await clock.advance(5_000)
  expect(breakers.openBreakers()).toEqual({})
})

test('a member is counted by whatever id it has', async () => {
  const breakers = new Breakers()
  for (const id of ['constructor', '__proto__']) {
    await breakers.record(`${id} m`, () => ({ seen: [], trips: 1, openUntil: systemClock.now() + 60_000 }))
  }
  expect(Object.entries(breakers.openBreakers())).toEqual([
    ['constructor', 1],
    ['__proto__', 1],
  ])
})

test('all members are out when each has an open breaker, unless one has answered since for another model', async () => {
  const { breakers, clock, ask } = watched()
  expect(breakers.areAllOut(['one', 'two'])).toBe(false)
  await ask('large')
  await ask('large')
  expect(breakers.areAllOut(['one', 'two'])).toBe(true)
  expect(breakers.areAllOut(['one', 'two', 'three'])).toBe(false)
  await clock.advance(1)
  expect(await ask('small')).toBe(true)
  expect(breakers.areAllOut(['one', 'two'])).toBe(false)
  expect(breakers.openBreakers()).toEqual({ one: 1, two: 1 })
})

test('a service without members is not out', () => {
  expect(new Breakers().areAllOut([])).toBe(false)
})
