import { type CallOptions, type ChatEvent, collect, type Provider } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { failover, type GroupOptions, route } from '../src/index.ts'
import { eventsOf, failure, finish, type Member, member, REQUEST, text } from './support/members.ts'

function prefilling(id: string, ...script: (ChatEvent | Error)[]): Member {
  const made = member(id, script)
  return { ...made, info: { ...made.info, prefill: true } }
}

const members = (): Provider[] => [
  member('broken', [text('Hello'), failure('truncated')]),
  prefilling('next', text(' world'), finish),
]

const typesOf = async (options: GroupOptions, call?: CallOptions): Promise<string[]> =>
  (await eventsOf(failover(members(), options).stream(REQUEST, call))).map(({ type }) => type)

describe('onBreak of a call', () => {
  it("takes the place of the group's", async () => {
    expect(await typesOf({ onBreak: 'restart' }, { onBreak: 'continue' })).toContain('resume')
    expect(await typesOf({}, { onBreak: ['continue', 'restart'] })).toContain('resume')
    expect(await typesOf({ onBreak: 'continue' }, { onBreak: 'restart' })).toContain('restart')
    await expect(typesOf({ onBreak: 'continue' }, { onBreak: 'fail' })).rejects.toMatchObject({ code: 'truncated' })
  })

  it('holds for that call alone, and is the same in a route and in groups below', async () => {
    const below = failover([route({ m: failover(members()) })])
    await expect(collect(below.stream(REQUEST, { onBreak: 'continue' }))).resolves.toMatchObject({
      text: 'Hello world',
    })
    const group = failover(members())
    await expect(collect(group.stream({ ...REQUEST, session: 'one' }))).rejects.toMatchObject({ code: 'truncated' })
    const called = group.stream({ ...REQUEST, session: 'two' }, { onBreak: 'restart' })
    await expect(collect(called)).resolves.toMatchObject({ text: ' world' })
    await expect(collect(group.stream({ ...REQUEST, session: 'three' }))).rejects.toMatchObject({ code: 'truncated' })
  })

  it('is checked like the option', () => {
    expect(() => failover(members()).stream(REQUEST, { onBreak: 'again' as never })).toThrow(
      /failover: onBreak must be 'fail', 'restart' or 'continue'.*got "again"/,
    )
  })
})

it.each([
  [{ deadlines: { firstTokenMs: -1 } }, 'firstTokenMs must be a number of milliseconds above 0'],
  [{ sginal: undefined }, 'Did you mean "signal"?'],
])('a mistake in the options of a call is thrown at the call, whoever the members are: %j', async (options, words) => {
  const embedding = { ...member('a'), embed: () => Promise.resolve({ vectors: [[1]] }) }
  const group = failover([embedding])
  expect(() => group.stream(REQUEST, options as never)).toThrow(words)
  await expect(group.embed?.({ model: 'm', input: ['a'] }, options as never)).rejects.toThrow(words)
})

it('unsupported of a call is that of every member, also of groups below', async () => {
  const seen: unknown[] = []
  const watched: Provider = {
    ...member('watched'),
    async *stream(_, call) {
      seen.push(call?.unsupported)
      yield { type: 'start', provider: 'watched', model: 'm' }
      yield text('x')
      yield finish
    },
  }
  const group = failover([member('down', [failure('network')]), failover([watched])])
  await collect(group.stream(REQUEST, { unsupported: 'drop' }))
  expect(seen).toEqual(['drop'])
})
