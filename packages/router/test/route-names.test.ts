import { collect } from '@rivulet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PatternDirectory } from '../src/engine/pattern-directory.ts'
import { failover, hedge, type ModelDirectory, route } from '../src/index.ts'
import { LruMap } from '../src/stats/lru-map.ts'
import { finish, member, REQUEST, text } from './support/members.ts'

const provider = member('a', [text('x'), finish])
const LONG = 'claude'.repeat(200_000)

describe('a pattern', () => {
  it('fits as the expression that it stands for does', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '.', '*'), { maxLength: 8 }).map((all) => all.join(''))
    const names = fc.array(fc.constantFrom('a', 'b', '.', '\n'), { maxLength: 10 }).map((all) => all.join(''))
    fc.assert(
      fc.property(letters, names, (pattern, name) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
        const fits = new RegExp(`^${parts.join('.*')}$`, 's').test(name)
        expect(new PatternDirectory({ [pattern]: provider }).routesTo(name)).toHaveLength(fits ? 1 : 0)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['*claude*sonnet*', 'claude*claude*haiku', '*e*d*u*a*l*c*!', `${'*a'.repeat(1_000)}*b`])(
    '%s is compared with a name of a megabyte in linear time',
    (pattern) => {
      expect(new PatternDirectory({ [pattern]: provider }).routesTo(LONG)).toEqual([])
    },
  )
})

describe('a name of a megabyte', () => {
  it('that no provider serves is shortened in the message', async () => {
    const groups = [route({ m: provider, n: provider }), route({ m: provider }, { aliases: { best: 'm' } })]
    for (const group of groups) {
      const error: unknown = await collect(group.stream({ ...REQUEST, model: LONG })).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'not-found' })
      expect((error as Error).message.length).toBeLessThan(500)
    }
    const embedding = route({ '*': [provider], m: { ...provider, embed: async () => ({ vectors: [] }) } })
    const refused: unknown = await embedding.embed?.({ model: LONG, input: ['x'] }).catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ code: 'unsupported' })
    expect((refused as Error).message.length).toBeLessThan(500)
  })

  it('is served, and not kept', async () => {
    let made = 0
    const directory: ModelDirectory = {
      providers: [provider],
      models: [],
      routesTo: (model) => [{ provider, model }],
      names: () => [],
    }
    const routed = route(directory, { group: (members, options) => (made++, failover(members, options)) })
    for (const model of ['m', 'm', LONG, LONG]) await collect(routed.stream({ ...REQUEST, model }))
    expect(made).toBe(3)
    const hedged = hedge([provider], { afterPercentile: 95 })
    await expect(collect(hedged.stream({ ...REQUEST, model: LONG }))).resolves.toMatchObject({ text: 'x' })
  })

  it('is no key of a map that keeps what was made', () => {
    let made = 0
    const map = new LruMap(10, () => made++)
    expect([map.get('a'.repeat(256)), map.get('a'.repeat(256)), map.get(LONG), map.get(LONG)]).toEqual([0, 0, 1, 2])
  })
})

it.each([
  ['nothing', () => undefined],
  ['an object', () => ({})],
  ['a promise that rejects', () => Promise.reject(new Error('boom'))],
])('a group option that makes %s is a TypeError at the call', (_, make) => {
  const routed = route({ m: provider }, { group: make as never })
  expect(() => routed.stream(REQUEST)).toThrow(/^route: group\(\) must give a provider/)
})

it.each([[undefined], [null], [[]], ['Hello']])('%s for a request is a TypeError that shows one', (request) => {
  for (const group of [failover([provider]), hedge([provider], { afterMs: 1 }), route({ m: provider })]) {
    expect(() => group.stream(request as never)).toThrow(/: give a request, as in/)
  }
})
