import { type ChatRequest, collect, type Message, type Provider } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { affinityKey } from '../src/engine/affinity-key.ts'
import { Candidates } from '../src/engine/candidates.ts'
import { balance } from '../src/index.ts'
import { byAffinity, homesOf } from '../src/strategies/affinity.ts'
import { failure, finish, member, REQUEST, text } from './support/members.ts'

const SESSIONS = 100_000
const named = (...ids: string[]): Provider[] => ids.map((id) => member(id))
const keyOf = (session: string): number => affinityKey({ ...REQUEST, session })

/** The id of the member at which each session is at home. */
function homes(members: readonly Provider[], sessions = SESSIONS): string[] {
  const numbers = homesOf(members)
  return Array.from({ length: sessions }, (_, index) => {
    const key = keyOf(`session ${index}`)
    return members[byAffinity(numbers, () => key).choose(new Candidates(members.length))]?.id ?? ''
  })
}

const countOf = (ids: readonly string[], id: string): number => ids.filter((each) => each === id).length

/** How many standard deviations a count is from the mean of a binomial distribution. */
const sigmas = (count: number, of: number, chance: number): number =>
  Math.abs(count - of * chance) / Math.sqrt(of * chance * (1 - chance))

describe('the homes of sessions', () => {
  it.each([2, 3, 5, 16])('are spread evenly over %i members, within four standard deviations', (count) => {
    const ids = Array.from({ length: count }, (_, index) => `member-${index}`)
    const found = homes(named(...ids))
    for (const id of ids) expect(sigmas(countOf(found, id), SESSIONS, 1 / count)).toBeLessThan(4)
  })

  it('move to a member that joins in equal parts, one in n + 1, and nowhere else', () => {
    const before = homes(named('a', 'b', 'c', 'd'))
    const after = homes(named('a', 'e', 'b', 'c', 'd'))
    const moved = before.flatMap((home, index) => (home === after[index] ? [] : [{ from: home, to: after[index] }]))
    expect(sigmas(moved.length, SESSIONS, 1 / 5)).toBeLessThan(4)
    expect(new Set(moved.map(({ to }) => to))).toEqual(new Set(['e']))
    const from = moved.map((move) => move.from)
    for (const id of ['a', 'b', 'c', 'd']) expect(sigmas(countOf(from, id), moved.length, 1 / 4)).toBeLessThan(4)
  })

  it('do not depend on the order of members, nor on the process', () => {
    expect(homes(named('a', 'b', 'c'), 500)).toEqual(homes(named('c', 'a', 'b'), 500))
    // Written down: a process of tomorrow must agree.
    expect(homes(named('a', 'b', 'c'), 12).join('')).toBe('bcccabcabbbc')
  })

  it('are as many for each of two members with one id', () => {
    const [one, other] = named('a', 'a')
    const numbers = homesOf([one, other] as Provider[])
    const chosen = Array.from({ length: 10_000 }, (_, index) =>
      byAffinity(numbers, () => keyOf(String(index))).choose(new Candidates(2)),
    )
    expect(sigmas(chosen.filter((index) => index === 0).length, 10_000, 1 / 2)).toBeLessThan(4)
  })

  it('of a member that can’t be asked go to all others alike', () => {
    const numbers = homesOf(named('a', 'b', 'c', 'd'))
    const next = [0, 0, 0, 0]
    for (let index = 0; index < SESSIONS; index++) {
      const policy = byAffinity(numbers, () => keyOf(`session ${index}`))
      const candidates = new Candidates(4)
      if (policy.choose(candidates) !== 0) continue
      candidates.remove(0)
      const second = policy.choose(candidates)
      next[second] = (next[second] ?? 0) + 1
    }
    const lost = next.reduce((sum, count) => sum + count, 0)
    expect(next[0]).toBe(0)
    for (const count of next.slice(1)) expect(sigmas(count, lost, 1 / 3)).toBeLessThan(4)
  })
})

describe('the key of a conversation', () => {
  const system: Message = { role: 'system', content: 'Be brief.' }
  const question: Message = { role: 'user', content: 'Hello' }
  const rest: Message[] = [
    { role: 'assistant', content: 'Hi' },
    { role: 'user', content: 'More' },
  ]
  const of = (messages: readonly unknown[], more: Partial<ChatRequest> = {}): number =>
    affinityKey({ model: 'm', messages: messages as Message[], ...more })

  it('is that of its beginning, up to and with the first message of the user’s', () => {
    expect(of([system, question, ...rest])).toBe(of([system, question]))
    expect(of([system, { ...question, content: 'Hello?' }])).not.toBe(of([system, question]))
    expect(of([{ ...system, content: 'Be kind.' }, question])).not.toBe(of([system, question]))
    expect(of([question])).not.toBe(of([system, question]))
  })

  it('is the same for a text and for the part that says it, whatever is marked for a cache', () => {
    expect(of([{ role: 'user', content: [{ type: 'text', text: 'Hello', cache: '1h' }] }])).toBe(of([question]))
    expect(of([{ ...question, cache: true }])).toBe(of([question]))
  })

  it('tells images, files and native parts apart', () => {
    const contents = [
      [{ type: 'image', url: 'https://images.example/1.png' }],
      [{ type: 'image', url: 'https://images.example/2.png' }],
      [{ type: 'file', url: 'https://images.example/2.png' }],
      [{ type: 'native', dialect: 'gemini', value: { a: 1 } }],
      [{ type: 'native', dialect: 'gemini', value: { a: 2 } }],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'bc' },
      ],
      [
        { type: 'text', text: 'ab' },
        { type: 'text', text: 'c' },
      ],
    ]
    expect(new Set(contents.map((content) => of([{ role: 'user', content }]))).size).toBe(contents.length)
  })

  it('is its session where it has one, whatever it says', () => {
    expect(of([question], { session: 's' })).toBe(of([system, ...rest], { session: 's' }))
    expect(of([question], { session: 't' })).not.toBe(of([question], { session: 's' }))
    expect(of([question], { session: '' })).toBe(of([question]))
  })

  it('depends on the beginning, the end and the length of a long text', () => {
    const long = 'x'.repeat(200_000)
    const texts = [long, `${long}x`, `y${long.slice(1)}`, `${long.slice(1)}y`]
    expect(new Set(texts.map((content) => of([{ role: 'user', content }]))).size).toBe(4)
  })

  it.each([[undefined], [null], ['text'], [[null, 1, { role: 'user' }]], [[{ role: 'user', content: [null, 1, {}] }]]])(
    'is there for what is no conversation: %j',
    (messages) => {
      expect(Number.isSafeInteger(of(messages as never))).toBe(true)
    },
  )
})

describe("balance by: 'affinity'", () => {
  it('asks one member for all of a conversation, and others for others', async () => {
    const members = ['a', 'b', 'c'].map((id) => member(id, [text(id), finish]))
    const group = balance(members, { by: 'affinity' })
    const answers = new Set<string>()
    for (let session = 0; session < 30; session++) {
      const messages: Message[] = [{ role: 'user', content: `question ${session}` }]
      const { text: first } = await collect(group.stream({ ...REQUEST, messages }))
      messages.push({ role: 'assistant', content: first }, { role: 'user', content: 'Go on' })
      const { text: second } = await collect(group.stream({ ...REQUEST, messages }))
      expect(second).toBe(first)
      answers.add(first)
    }
    expect(answers).toEqual(new Set(['a', 'b', 'c']))
  })

  it('asks the next one by the same rule when that member fails, and comes back to it', async () => {
    const failing = member('a', [failure('network')], [text('a'), finish])
    const members = [failing, ...['b', 'c'].map((id) => member(id, [text(id), finish]))]
    const group = balance(members, { by: 'affinity' })
    const sessions = Array.from({ length: 100 }, (_, index) => `${index}`)
    const session = sessions[homesFor(members, sessions).indexOf('a')] ?? ''
    const answers: string[] = []
    for (let call = 0; call < 3; call++) answers.push((await collect(group.stream({ ...REQUEST, session }))).text)
    expect(answers[0]).toMatch(/^[bc]$/)
    expect(answers.slice(1)).toEqual(['a', 'a'])
  })

  it('spreads vectors, which belong to no conversation, by chance', async () => {
    const asked: string[] = []
    const members = ['a', 'b'].map((id): Provider => ({
      ...member(id),
      embed: () => {
        asked.push(id)
        return Promise.resolve({ vectors: [[1]] })
      },
    }))
    const chances = [0, 0.9, 0]
    const group = balance(members, { by: 'affinity', random: () => chances.shift() ?? 0 })
    for (let call = 0; call < 3; call++) await group.embed?.({ model: 'm', input: ['x'] })
    expect(asked).toEqual(['a', 'b', 'a'])
  })
})

function homesFor(members: readonly Provider[], sessions: readonly string[]): string[] {
  const numbers = homesOf(members)
  return sessions.map((session) => {
    const index = byAffinity(numbers, () => keyOf(session)).choose(new Candidates(members.length))
    return members[index]?.id ?? ''
  })
}
