import { type ChatRequest, collect, describeProvider, type Model } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { failover, route, type RouteOptions, type Routes } from '../src/index.ts'
import { failure, finish, member, type Member, REQUEST, text } from './support/members.ts'

const serving = (id: string, models: Model[] = []): Member => {
  const made = member(id, [text(id), finish])
  return Object.assign(made, { info: { ...made.info, models } })
}
const answer = async (routes: Routes, model: string, options: RouteOptions = {}, more: Partial<ChatRequest> = {}) =>
  (await collect(route(routes, options).stream({ ...REQUEST, ...more, model }))).text

describe('which member is asked for a model', () => {
  const routes: Routes = {
    '*': serving('any'),
    'gpt-*': serving('gpt'),
    'gpt-4': serving('exact'),
    'gpt-4-*': serving('longer'),
    'claude-*-latest': serving('middle'),
  }
  it.each([
    ['gpt-4', 'exact'],
    ['gpt-4-turbo', 'longer'],
    ['gpt-3.5', 'gpt'],
    ['claude-3-latest', 'middle'],
    ['claude-3', 'any'],
    ['gpt+4', 'any'],
  ])('%s: %s', async (model, expected) => {
    await expect(answer(routes, model)).resolves.toBe(expected)
  })

  it('several are a failover', async () => {
    const broken = member('broken', [failure('overloaded')])
    await expect(answer({ m: [broken, serving('next')] }, 'm')).resolves.toBe('next')
    expect(broken.requests).toHaveLength(1)
  })

  it('an alias stands for one or more, under their own names', async () => {
    const [broken, next] = [member('broken', [failure('overloaded')]), serving('next')]
    const routes: Routes = { 'gpt-4': broken, 'claude-*': next }
    await expect(answer(routes, 'best', { aliases: { best: ['gpt-4', 'claude-3'] } })).resolves.toBe('next')
    expect([broken.requests[0]?.model, next.requests[0]?.model]).toEqual(['gpt-4', 'claude-3'])
    await expect(answer(routes, 'one', { aliases: { one: 'claude-2' } })).resolves.toBe('next')
  })
})

describe('what a member can take', () => {
  const blind = serving('blind', [{ id: 'm', inputs: ['text'], tools: false }])
  const seeing = serving('seeing', [{ id: 'm', inputs: ['text', 'image'], tools: true }])
  const image: ChatRequest['messages'] = [
    { role: 'user', content: [{ type: 'image', url: 'data:image/png;base64,AA==' }] },
  ]

  it('decides who is asked: images and tools go to those that can', async () => {
    await expect(answer({ m: [blind, seeing] }, 'm', {}, { messages: image })).resolves.toBe('seeing')
    await expect(answer({ m: [blind, seeing] }, 'm', {}, { tools: [{ name: 'weather' }] })).resolves.toBe('seeing')
    await expect(answer({ m: [blind, seeing] }, 'm')).resolves.toBe('blind')
    await expect(collect(failover([blind, seeing]).stream({ ...REQUEST, messages: image }))).resolves.toMatchObject({
      text: 'seeing',
    })
  })

  it('is said when none can', () => {
    expect(() => route({ m: blind }).stream({ ...REQUEST, messages: image })).toThrow(
      'blind: m reads no images, it reads: text.',
    )
    expect(() => route({ m: blind }).stream({ ...REQUEST, tools: [{ name: 'weather' }] })).toThrow(
      /blind: m calls no tools/,
    )
    const files: ChatRequest['messages'] = [{ role: 'user', content: [{ type: 'file', url: 'data:text/plain,a' }] }]
    expect(() => route({ m: seeing }).stream({ ...REQUEST, messages: files })).toThrow(/reads no files/)
  })

  it('is not checked of a member whose info does not say it', async () => {
    const silent = serving('silent', [{ id: 'm' }])
    await expect(answer({ m: silent }, 'm', {}, { messages: image, tools: [{ name: 'weather' }] })).resolves.toBe(
      'silent',
    )
  })

  it('is known of a group too, as what one of its members can', async () => {
    const inner = failover([blind, seeing])
    expect(inner.info.models).toEqual([{ id: 'm', inputs: ['text', 'image'], tools: true }])
    await expect(answer({ m: [inner] }, 'm', {}, { messages: image })).resolves.toBe('seeing')
    const unknown = failover([blind, serving('silent', [{ id: 'm' }])])
    expect(unknown.info.models).toEqual([{ id: 'm' }])
  })
})

describe('a name that no provider serves', () => {
  it('fails at the first read, and says what would work', async () => {
    const routed = route({ 'gpt-4': serving('a'), 'claude-*': serving('b') }, { aliases: { best: 'gpt-4' } })
    const stream = routed.stream({ ...REQUEST, model: 'gpt4' })
    await expect(collect(stream)).rejects.toMatchObject({
      code: 'not-found',
      provider: 'route',
      message: 'route: no provider serves model "gpt4". Did you mean "gpt-4"? Models: best, gpt-4, claude-*.',
    })
  })

  it('is a mistake at once in an alias', () => {
    expect(() => route({ 'gpt-4': serving('a') }, { aliases: { best: 'gpt4' } })).toThrow(
      /route: alias "best" names "gpt4", which no provider serves. Did you mean "gpt-4"/,
    )
  })
})

it('says which models it serves', () => {
  const models = [{ id: 'gpt-4', contextTokens: 8192 }, { id: 'gpt-3.5' }, { id: 'other' }]
  const { info } = route({ 'gpt-*': serving('a', models), exact: serving('b') }, { aliases: { best: 'gpt-4' } })
  expect(info.models).toEqual([
    { id: 'gpt-4', contextTokens: 8192 },
    { id: 'gpt-3.5' },
    { id: 'exact' },
    { id: 'best' },
  ])
  expect(describeProvider(route({ '*': serving('a') }))).toContain('supports')
})

it.each([
  [() => route({}), /no routes/],
  [() => route(serving('a') as never), /give providers by model/],
  [() => route({ m: [] }), /at least one provider/],
  [() => route({ m: serving('a') }, { alias: {} } as never), /Did you mean "aliases"\?/],
])('a mistake is named (%#)', (mistake, words) => {
  expect(mistake).toThrow(TypeError)
  expect(mistake).toThrow(words)
})

it('a request without a model is refused by a member, or asked of it', () => {
  const refusing = Object.assign(serving('a'), {
    stream: () => {
      throw new TypeError('a: model is missing')
    },
  })
  expect(() => route({ '*': refusing }).stream({ messages: REQUEST.messages } as never)).toThrow('a: model is missing')
})
