import { type ChatResult, collect } from '@rivulet/core'
import { expect, test } from 'vitest'
import { TextEndpoint } from '../class-provider.ts'
import { evenly } from '../routing-policy.ts'
import { testServer } from './server.ts'

const request = { model: 'any', messages: [{ role: 'user', content: 'Hello' }] } as const

test('each of three calls at a time has a member of its own; when all are free, the first is asked', async () => {
  const held = new Map<string, () => void>()
  const allAsked = Promise.withResolvers<undefined>()
  let isHolding = true
  const member = (name: string) =>
    testServer((_, response) => {
      const answer = (): void => void response.end(name)
      if (!isHolding) answer()
      else if (held.set(name, answer).size === 3) allAsked.resolve(undefined)
    })
  await using one = await member('one')
  await using two = await member('two')
  await using three = await member('three')
  const group = evenly([one, two, three].map(({ url }) => new TextEndpoint(url)))
  const ask = (): Promise<ChatResult> => collect(group.stream(request))

  const answers = [ask(), ask(), ask()]
  await allAsked.promise
  for (const answer of held.values()) answer()
  expect((await Promise.all(answers)).map(({ text }) => text).sort()).toEqual(['one', 'three', 'two'])

  isHolding = false
  expect((await ask()).text).toBe('one')
})

test('a member that fails is not asked again in the same call', async () => {
  await using busy = await testServer((_, response) => response.writeHead(503).end())
  await using well = await testServer((_, response) => response.end('Hello back'))
  const group = evenly([new TextEndpoint(busy.url), new TextEndpoint(well.url)])
  expect((await collect(group.stream(request))).text).toBe('Hello back')
  expect([busy.received.length, well.received.length]).toEqual([1, 1])
})
