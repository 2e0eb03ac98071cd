import { type ChatRequest, collect, pipe, type Provider, withModel } from '@rivulet/core'
import { extraKeys } from '@rivulet/core/provider'
import { describe, expect, it } from 'vitest'
import { balance, failover, hedge, route } from '../src/index.ts'
import { failure, finish, type Member, member, REQUEST, text } from './support/members.ts'

/** A provider of a dialect, which fails before its first content unless it is the last. */
function speaking(id: string, dialect: string, answers = true): Member {
  const made = member(id, answers ? [text('x'), finish] : [failure('network')])
  return { ...made, info: { ...made.info, extraKeys: [dialect, id] } }
}

const extra = { openai: { a: 1 }, 'openai-chat': { b: 2 }, anthropic: { c: 3 }, gemini: { d: 4 } }
const request: ChatRequest = { ...REQUEST, extra }

const pairs = (): [Member, Member] => [
  speaking('openai', 'openai-chat', false),
  speaking('anthropic', 'anthropic-messages'),
]

describe('the fields of extra', () => {
  const trees: [string, (members: readonly [Provider, Provider]) => Provider][] = [
    ['failover', (members) => failover(members)],
    ['balance', (members) => balance(members, { by: { choose: ({ first }) => first } })],
    ['hedge', (members) => hedge(members, { afterMs: 60_000 })],
    ['route', (members) => route({ m: members })],
    ['groups in a group', ([one, other]) => failover([failover([one]), pipe(failover([other]), withModel('m'))])],
    ['a route in a group', ([one, other]) => failover([route({ m: one }), route({ m: other })])],
  ]
  it.each(trees)('reach only the members that they are for, in %s', async (_, make) => {
    const members = pairs()
    await collect(make(members).stream(request))
    expect(members[0].requests[0]?.extra).toEqual({ openai: { a: 1 }, 'openai-chat': { b: 2 } })
    expect(members[1].requests[0]?.extra).toEqual({ anthropic: { c: 3 } })
  })

  it('for providers of another model are left out by a route', async () => {
    const [one, other] = [speaking('openai', 'openai-chat'), speaking('anthropic', 'anthropic-messages')]
    await collect(route({ m: one, n: other }).stream(request))
    expect(one.requests[0]?.extra).toEqual({ openai: { a: 1 }, 'openai-chat': { b: 2 } })
  })

  it('of a member without any are no field at all', async () => {
    const plain = member('plain', [text('x'), finish])
    await collect(failover([plain]).stream({ ...REQUEST, extra: { gemini: {} } }))
    expect(plain.requests[0]).toEqual(REQUEST)
  })

  it.each(trees)('are refused at the call when no member knows their key, in %s', (_, make) => {
    const group = make(pairs())
    expect(() => group.stream({ ...REQUEST, extra: { antropic: {} } })).toThrow(
      /extra .*"antropic".*Did you mean "anthropic"\?/,
    )
    expect(() => group.stream({ ...REQUEST, extra: { openai: 1 as never } })).toThrow(/extra\["openai"\] must be/)
  })

  it.each(trees)('have the keys of all members, in %s', (_, make) => {
    const keys = ['openai-chat', 'openai', 'anthropic-messages', 'anthropic']
    expect(extraKeys(make(pairs()))).toEqual(keys)
  })
})
