import { type ChatRequest, collect, type Model, type Prefill, type Provider } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { failover, type GroupOptions, type ModelDirectory, route } from '../src/index.ts'
import { failure, finish, member, type Member, REQUEST, text } from './support/members.ts'

const broken = (content: string): Member => member('broken', [text(content), failure('truncated')])

describe('who can continue', () => {
  const saying = (id: string, models: Model[], prefill?: Prefill): Member => {
    const made = member(id, [text('!'), finish])
    return Object.assign(made, { info: { ...made.info, models, prefill } })
  }
  const continued = async (next: Provider, more: Partial<ChatRequest> = {}): Promise<boolean> => {
    const read = collect(failover([broken('Hello'), next], { onBreak: 'continue' }).stream({ ...REQUEST, ...more }))
    return read.then(
      ({ text: whole }) => whole === 'Hello!',
      () => false,
    )
  }

  it('is a matter of the model, and else of the provider', async () => {
    expect(await continued(saying('a', [{ id: 'm', prefill: true }]))).toBe(true)
    expect(await continued(saying('b', [{ id: 'other', prefill: true }]))).toBe(false)
    expect(await continued(saying('c', [{ id: 'm', prefill: false }], true))).toBe(false)
    expect(await continued(saying('d', [{ id: 'm' }], true))).toBe(true)
  })

  it('may depend on the effort', async () => {
    const silent = saying('a', [{ id: 'm', prefill: ['default', 'none'] }])
    expect(await continued(silent)).toBe(true)
    expect(await continued(silent, { reasoning: 'none' })).toBe(true)
    expect(await continued(silent, { reasoning: 'high' })).toBe(false)
    expect(await continued(saying('b', [], ['none']))).toBe(false)
  })

  it('of a nested group is what all its members continue', async () => {
    const below = (...prefills: (Prefill | undefined)[]) =>
      failover(prefills.map((prefill, index) => saying(`m${index}`, [{ id: 'm', prefill }])))
    expect(await continued(below(true, ['default', 'none'], ['none', 'default', 'low']))).toBe(true)
    expect(await continued(below(true, undefined))).toBe(false)
    expect(await continued(below(['none'], ['default']))).toBe(false)
    expect(below(true, ['default', 'none'], ['none', 'low']).info.models).toEqual([{ id: 'm', prefill: ['none'] }])
  })

  it('is known of a model under another name of it', async () => {
    const routes = { best: [broken('Hello'), saying('next', [{ id: 'm', prefill: true }])] }
    const routed = route(routes, { onBreak: 'continue' })
    await expect(collect(routed.stream({ ...REQUEST, model: 'best' }))).rejects.toThrow('Not continued: ')
    const directory: ModelDirectory = {
      providers: routes.best,
      models: [],
      routesTo: () => routes.best.map((provider) => ({ provider, model: 'm' })),
      names: () => ['best'],
    }
    const renamed = route(directory, { onBreak: 'continue' })
    expect((await collect(renamed.stream({ ...REQUEST, model: 'best' }))).text).toBe('Hello!')
  })
})

describe('the failure says why nothing continues the answer', () => {
  const next = (): Member => {
    const made = member('next', [text('!'), finish])
    return Object.assign(made, { info: { ...made.info, prefill: true } })
  }
  const tell = (members: Provider[], more: Partial<ChatRequest> = {}, options: GroupOptions = {}) =>
    collect(failover(members, { onBreak: 'continue', ...options }).stream({ ...REQUEST, ...more }))
  const thinking = member('half', [text('Hello'), { type: 'reasoning', text: 'hm' }, failure('truncated')])
  const begun = [...REQUEST.messages, { role: 'assistant' as const, content: 'To be, or not to be' }]

  it.each<[string, () => Promise<unknown>]>([
    ['the request has tools', () => tell([broken('Hello'), next()], { tools: [{ name: 'weather' }] })],
    ['the request has a response format', () => tell([broken('Hello'), next()], { responseFormat: 'json' })],
    [
      'the request asks for log probabilities or for several answers',
      () => tell([broken('Hello'), next()], { extra: { next: { n: 2 } } }),
    ],
    [
      'no other member continues a turn of this model (info.prefill)',
      () => tell([broken('Hello'), member('plain', [text('Anew'), finish])]),
    ],
    ['the answer is more than text', () => tell([thinking, next()])],
    [
      'the answer is too short to be joined to the turn that the request begins',
      () => tell([broken('To'), next()], { messages: begun }),
    ],
    ['no attempt or no time is left', () => tell([broken('Hello'), next()], {}, { attempts: 1 })],
    [
      'after truncated, no other member is asked',
      () => tell([broken('Hello'), next()], {}, { failoverWhen: ({ code }) => code !== 'truncated' }),
    ],
  ])('%s', async (why, read) => {
    const reason: unknown = await read().catch((error: unknown) => error)
    expect(reason).toMatchObject({ code: 'truncated', message: `it says truncated. Not continued: ${why}.` })
    expect(reason).toHaveProperty('partial.text')
  })

  it('and nothing of it where it was not asked to', async () => {
    const read = tell([broken('Hello'), next()], {}, { onBreak: 'fail' })
    await expect(read).rejects.toThrow(/^it says truncated$/)
  })

  it('once, also of a group in a group', async () => {
    const outer = failover([failover([broken('Hello')], { onBreak: 'continue' })], { onBreak: 'continue' })
    const reason: unknown = await collect(outer.stream(REQUEST)).catch((error: unknown) => error)
    expect(String(reason).match(/Not continued/g)).toHaveLength(1)
  })
})
