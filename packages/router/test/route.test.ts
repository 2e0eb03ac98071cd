import { type ChatRequest, collect, describeProvider, type EmbedRequest, type Model } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { balance, failover, type ModelDirectory, route, type RouteOptions, type Routes } from '../src/index.ts'
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

describe('group', () => {
  it('makes one provider of those that serve a name, and is called once for each name', async () => {
    const made: string[] = []
    const group: RouteOptions['group'] = (members, options) => {
      made.push(`${members.map(({ id }) => id).join()} ${Object.keys(options).join()}`)
      return balance(members, { ...options, by: 'round-robin' })
    }
    const routed = route(
      { 'm*': [serving('a'), serving('b')] },
      { group, breaker: {}, attempts: 2, aliases: { x: 'm1' } },
    )
    const texts: string[] = []
    for (const model of ['m1', 'm1', 'm2', 'm1', 'x']) {
      texts.push((await collect(routed.stream({ ...REQUEST, model }))).text)
    }
    expect(texts).toEqual(['a', 'b', 'a', 'a', 'a'])
    expect(made).toEqual(['a,b attempts,id', 'a,b attempts,id', 'a,b attempts,id'])
  })

  it('is kept for a thousand names, the ones that were used last', async () => {
    let made = 0
    const group: RouteOptions['group'] = (members, options) => {
      made++
      return failover(members, options)
    }
    const routed = route({ '*': serving('a') }, { group })
    for (let index = 0; index < 1_000; index++) routed.stream({ ...REQUEST, model: `m${index}` })
    routed.stream({ ...REQUEST, model: 'm0' })
    expect(made).toBe(1_000)
    routed.stream({ ...REQUEST, model: 'new' })
    routed.stream({ ...REQUEST, model: 'm0' })
    expect(made).toBe(1_001)
    routed.stream({ ...REQUEST, model: 'm1' })
    expect(made).toBe(1_002)
  })
})

it('an alias is checked for what its member can take, under the name that the member knows', () => {
  const blind = serving('blind', [{ id: 'm', tools: false }])
  const routed = route({ m: blind }, { aliases: { best: 'm' } })
  expect(() => routed.stream({ ...REQUEST, model: 'best', tools: [{ name: 'weather' }] })).toThrow(
    'blind: m calls no tools.',
  )
})

describe('embed() and models()', () => {
  const embedding = (id: string, ...models: string[]): Member =>
    Object.assign(serving(id), {
      embed: async ({ model }: EmbedRequest) => ({ vectors: [[id.length, model.length]] }),
      models: async () => models.map((name) => ({ id: name })),
    })

  it('go by the model, and by aliases', async () => {
    const routes = { 'embed-*': embedding('abc'), '*': embedding('a') }
    const routed = route(routes, { aliases: { vectors: 'embed-1' } })
    const vectors = async (model: string) => (await routed.embed?.({ model, input: ['Hello'] }))?.vectors
    await expect(vectors('embed-12')).resolves.toEqual([[3, 8]])
    await expect(vectors('other')).resolves.toEqual([[1, 5]])
    await expect(vectors('vectors')).resolves.toEqual([[3, 7]])
  })

  it('reject for a name that no provider serves, and for a model without embeddings', async () => {
    const routed = route({ m: serving('chat'), e: embedding('e') })
    await expect(routed.embed?.({ model: 'x', input: ['Hello'] })).rejects.toMatchObject({ code: 'not-found' })
    await expect(routed.embed?.({ model: 'm', input: ['Hello'] })).rejects.toMatchObject({
      code: 'unsupported',
      message: 'route: no provider of model "m" has embeddings.',
    })
  })

  it('are absent where no provider has them', () => {
    const routed = route({ m: serving('a') })
    expect(['embed' in routed, 'models' in routed]).toEqual([false, false])
  })

  it('list of each provider what is routed to it', async () => {
    const down = Object.assign(serving('down'), { models: () => Promise.reject(failure('network')) })
    const routes = { 'gpt-*': embedding('a', 'gpt-4', 'claude-3'), '*': [embedding('b', 'gpt-4', 'llama'), down] }
    await expect(route(routes).models?.()).resolves.toEqual([{ id: 'gpt-4' }, { id: 'llama' }])
  })
})

describe('a directory in place of routes', () => {
  it('says which provider serves a model, and under which name; it may change', async () => {
    const [a, b] = [serving('a'), serving('b')]
    let current: Member = a
    const directory: ModelDirectory = {
      providers: [a, b],
      models: [{ id: 'newest', contextTokens: 8192 }],
      routesTo: (model) => (model === 'newest' ? [{ provider: current, model: 'v2' }] : []),
      names: () => ['newest'],
    }
    const routed = route(directory, { aliases: { best: 'newest', later: 'unknown' }, id: 'mine' })
    expect(routed.info.models).toEqual([{ id: 'newest', contextTokens: 8192 }, { id: 'best' }, { id: 'later' }])
    await collect(routed.stream({ ...REQUEST, model: 'newest' }))
    current = b
    await collect(routed.stream({ ...REQUEST, model: 'best' }))
    expect([a.requests, b.requests].map((each) => each.map(({ model }) => model))).toEqual([['v2'], ['v2']])
    await expect(collect(routed.stream({ ...REQUEST, model: 'later' }))).rejects.toMatchObject({
      code: 'not-found',
      message: 'mine: alias "later" names "unknown", which no provider serves. Models: newest.',
    })
  })

  it('has its providers checked', () => {
    const directory = { providers: [], models: [], routesTo: () => [], names: () => [] }
    expect(() => route(directory, { id: 'mine' })).toThrow('mine: give an array of at least one provider')
  })
})

it('a message lists forty names and says how many more there are', async () => {
  const routes = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`model-${index}`, serving('a')]))
  await expect(collect(route(routes).stream({ ...REQUEST, model: 'x' }))).rejects.toThrow(/model-39 and 20 more\.$/)
})
