import { ChatError, describeProvider, type EmbedRequest, type Provider } from '@rivulet/core'
import { balance, hedge } from '@rivulet/router'
import { type Simulator, simulator } from '@rivulet/simulator'
import { classProvider, lostMembers } from '@rivulet/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { gravityengine, KNOWN_PROVIDERS, liaobots, lockchat, rivulet, type RivuletOptions } from '../src/index.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())
beforeEach(() => {
  sim.clear()
})

const river = (options: Partial<RivuletOptions> = {}) =>
  rivulet({
    providers: [
      lockchat({ baseUrl: sim.baseUrl('lockchat') }),
      liaobots({ baseUrl: sim.baseUrl('liaobots'), auth: 'code' }),
      gravityengine({ baseUrl: sim.baseUrl('gravityengine') }),
    ],
    ...options,
  })
const ask = (model: string, content = 'Hello') => ({ model, messages: [{ role: 'user' as const, content }] })
const asked = () => sim.requests.map(({ dialect }) => dialect)

describe('which providers are asked', () => {
  it('for a model: the first that serves it', async () => {
    await expect(river().complete(ask('gpt-4'))).resolves.toMatchObject({ provider: 'lockchat', model: 'gpt-4' })
    await expect(river().complete(ask('gpt-3.5-turbo-16k'))).resolves.toMatchObject({ provider: 'gravityengine' })
    expect(asked()).toEqual(['lockchat', 'gravityengine'])
  })

  it('for a model of one provider: that provider alone', async () => {
    await expect(river().complete(ask('liaobots/gpt-4'))).resolves.toMatchObject({ provider: 'liaobots' })
    sim.fault('liaobots', { kind: 'status', status: 503 })
    const alone = river({ retry: { backoffMs: 0 } }).complete(ask('liaobots/gpt-4'))
    await expect(alone).rejects.toMatchObject({ code: 'overloaded', status: 503 })
    // Asked at most three times.
    expect(asked()).toEqual(['liaobots', 'liaobots', 'liaobots', 'liaobots'])
  })

  it('for a name that is listed with a slash: the providers that list it', async () => {
    const relay = { ...local('relay'), info: { ...local('relay').info, models: [{ id: 'liaobots/gpt-4' }] } }
    const both = rivulet({ providers: [liaobots({ auth: 'code' }), relay] })
    expect(both.routes('liaobots/gpt-4').map(({ provider }) => provider)).toEqual(['relay'])
    expect(both.routes('relay/gpt-4').map(({ provider }) => provider)).toEqual(['relay'])
  })

  it('for an alias: what it stands for, in order', async () => {
    const aliases = { cheap: ['gravityengine/gpt-3.5-turbo-0613', 'liaobots/gpt-3.5-turbo'], best: 'gpt-4' }
    const aliased = river({ aliases })
    sim.fault('gravityengine', 'empty-200')
    await expect(aliased.complete(ask('cheap'))).resolves.toMatchObject({
      provider: 'liaobots',
      model: 'gpt-3.5-turbo',
    })
    await expect(aliased.complete(ask('best'))).resolves.toMatchObject({ provider: 'lockchat' })
    expect(asked()).toEqual(['gravityengine', 'liaobots', 'lockchat'])
    expect(sim.requests[0]?.model).toBe('gpt-3.5-turbo-0613')
  })

  it('and models() says which providers serve which models', async () => {
    const models = await river().models()
    expect(models.find(({ id }) => id === 'gpt-4')?.providers).toEqual(['lockchat', 'liaobots'])
    expect(models.map(({ id }) => id)).toEqual(['gpt-4', 'gpt-3.5-turbo', 'gpt-3.5-turbo-16k', 'gpt-3.5-turbo-0613'])
  })
})

describe('when one fails before its first content, the next answers', () => {
  it.each([
    'html-200',
    'json-error-200',
    'error-first',
    'empty-200',
    'empty-answer',
    'garbage',
    { kind: 'status', status: 429 },
    { kind: 'status', status: 401 },
  ] as const)('%j', async (fault) => {
    sim.fault('lockchat', fault)
    const result = await river().complete(ask('gpt-4', 'echo hi'))
    expect(result).toMatchObject({ provider: 'liaobots', reason: 'stop' })
    expect(asked()).toEqual(['lockchat', 'liaobots'])
    // Whole: what the caller has is what the simulator says it sent.
    expect(result.text).toBe(sim.requests[1]?.answer)
  })

  it('after it, a reader who was told gets the failure with what had arrived', async () => {
    sim.fault('lockchat', 'reset-mid-stream')
    await expect(river({ onBreak: 'fail' }).complete(ask('gpt-4', 'essay'))).rejects.toMatchObject({
      code: 'truncated',
      partial: { provider: 'lockchat', text: expect.stringMatching(/./) as string },
    })
    const restarted = await river().complete(ask('gpt-4', 'essay'))
    expect(restarted).toMatchObject({ provider: 'liaobots', text: sim.requests.at(-1)?.answer })
  })
})

describe('a provider that fails again and again', () => {
  it('is skipped, and its requests are spared', async () => {
    sim.fault('lockchat', { kind: 'status', status: 503 })
    const many = river()
    for (let call = 0; call < 12; call++) await many.complete(ask('gpt-4', 'echo hi'))
    const asked = sim.requests.filter(({ dialect }) => dialect === 'lockchat').length
    expect(asked).toBe(5)
    expect(sim.requests.filter(({ dialect }) => dialect === 'liaobots')).toHaveLength(12)
  })

  it('is asked every time when breaker is false', async () => {
    sim.fault('lockchat', { kind: 'status', status: 503 })
    const many = river({ breaker: false })
    for (let call = 0; call < 12; call++) await many.complete(ask('gpt-4', 'echo hi'))
    expect(sim.requests.filter(({ dialect }) => dialect === 'lockchat')).toHaveLength(12)
  })

  it('does not take its twin along, which has another key', async () => {
    const baseUrl = sim.baseUrl('liaobots')
    const twins = rivulet({ providers: [liaobots({ baseUrl, auth: 'one' }), liaobots({ baseUrl, auth: 'two' })] })
    sim.fault('liaobots', { kind: 'status', status: 401, times: 1 })
    for (let call = 0; call < 3; call++) await twins.complete('echo hi')
    expect(sim.requests.map(({ headers }) => headers['x-auth-code'])).toEqual(['one', 'two', 'two', 'two'])
  })
})

it('the group of a model keeps what it knows from one request to the next', async () => {
  const balanced = river({ group: (members, options) => balance(members, { ...options, by: 'round-robin' }) })
  for (let turn = 0; turn < 4; turn++) await balanced.complete(ask('gpt-4'))
  expect(asked()).toEqual(['lockchat', 'liaobots', 'lockchat', 'liaobots'])
})

it('any group makes one of the providers that serve a model', async () => {
  const hedged = river({ group: (members, options) => hedge(members, { ...options, afterMs: 5_000 }) })
  sim.fault('lockchat', 'empty-200')
  await expect(hedged.complete(ask('gpt-4', 'echo hi'))).resolves.toMatchObject({ provider: 'liaobots' })
})

describe('an alias', () => {
  it('passes over what no provider serves', async () => {
    const aliased = river({ aliases: { best: ['gpt-9', 'gpt-4'] } })
    await expect(aliased.complete(ask('best'))).resolves.toMatchObject({ provider: 'lockchat', model: 'gpt-4' })
  })

  it('of which no provider serves anything is refused at once', () => {
    const message = 'rivulet: alias "best" names "gpt4" and "gpt-9", which no provider serves. Did you mean "gpt-4"?'
    expect(() => river({ aliases: { best: ['gpt4', 'gpt-9'] } })).toThrow(new TypeError(message))
    expect(() => river({ aliases: { best: [] } })).toThrow('rivulet: alias "best" names no model')
  })

  it('is asked under the name that each provider knows, also for what it can take', () => {
    const blind = { ...local('blind'), info: { ...local('blind').info, models: [{ id: 'm', tools: false }] } }
    const aliased = rivulet({ providers: [blind], aliases: { best: 'blind/m' } })
    expect(() => aliased.stream({ ...ask('best'), tools: [{ name: 'weather' }] })).toThrow('blind: m calls no tools.')
  })
})

describe('a provider that is a class', () => {
  it('keeps every member', async () => {
    expect(await lostMembers(rivulet({ providers: [classProvider()] }))).toEqual([])
    expect(await lostMembers(rivulet({ providers: [classProvider()], breaker: false }))).toEqual([])
  })

  it('would lose all of them to a spread', async () => {
    expect(await lostMembers({ ...classProvider() })).toEqual(['id', 'info', 'stream', 'models', 'embed'])
  })
})

describe('embed()', () => {
  it('goes to the providers of the model, and the next takes over', async () => {
    const [down, well] = [local('down'), local('well')]
    down.embed = () => Promise.reject(new ChatError('overloaded', 'down: no'))
    const many = rivulet({ providers: [down, well], aliases: { vectors: ['down/m', 'well/m'] } })
    for (const model of ['m', 'vectors', 'well/m']) {
      await expect(many.embed({ model, input: ['Hello'] })).resolves.toEqual({ vectors: [[5, 4]] })
    }
    await expect(many.embed({ model: 'x', input: ['Hello'] })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('says so where no provider has it', async () => {
    const refused = river().embed({ model: 'gpt-4', input: ['Hello'] })
    await expect(refused).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('embeddings') as string,
    })
  })
})

/** A provider in this process, with vectors. */
function local(id: string): Provider {
  const made = classProvider(id)
  return {
    id,
    info: { ...made.info, name: id },
    stream: made.stream.bind(made),
    embed: async ({ input }: EmbedRequest) => ({ vectors: input.map((text) => [text.length, id.length]) }),
  }
}

describe('what would work is named', () => {
  it('for a model that no provider serves', async () => {
    const error: unknown = await river()
      .complete(ask('gpt4'))
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ChatError)
    expect(error).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Did you mean "gpt-4"?') as string,
    })
    expect((error as Error).message).toBe(
      'rivulet: no provider serves model "gpt4". Did you mean "gpt-4"? Models: lockchat/*, liaobots/*, gravityengine/*, gpt-4, gpt-3.5-turbo, gpt-3.5-turbo-16k, gpt-3.5-turbo-0613.',
    )
    expect(asked()).toEqual([])
  })

  it.each([
    ['lokchat/gpt-4', 'Did you mean "gpt-4", which is served by lockchat, liaobots?'],
    ['openai/gpt4', 'Did you mean "gpt-4"?'],
    ['gpt-3.5-turbo-061', 'Did you mean "gpt-3.5-turbo-0613"?'],
  ])('for %s, of which no provider has the prefix or the model', async (model, hint) => {
    await expect(river().complete(ask(model))).rejects.toThrow(
      `rivulet: no provider serves model "${model}". ${hint} Models: `,
    )
  })

  it('for a model of another provider, and for a misspelt one of this provider', async () => {
    sim.fault('lockchat', { kind: 'status', status: 404, times: 3 })
    const messageOf = async (model: string): Promise<string> => {
      const error: unknown = await river()
        .complete(ask(model))
        .catch((caught: unknown) => caught)
      return error instanceof ChatError ? error.message : 'it answered'
    }
    expect(await messageOf('lockchat/gpt-3.5-turbo-0613')).toMatch(/ gpt-3\.5-turbo-0613 is served by gravityengine\.$/)
    expect(await messageOf('lockchat/gpt-3.5-trubo')).toMatch(/ Did you mean "gpt-3\.5-turbo"\?$/)
    expect(await messageOf('lockchat/gpt-4')).toMatch(/^lockchat: HTTP 404: [^?]*$/)
  })

  it('for a provider that needs a credential and has none', async () => {
    vi.stubEnv('LIAOBOTS_AUTH', '')
    const poor = rivulet({ providers: [liaobots({ baseUrl: sim.baseUrl('liaobots') })] })
    const error: unknown = await poor.complete(ask('gpt-4')).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'auth', provider: 'liaobots' })
    expect((error as Error).message).toContain('LIAOBOTS_AUTH')
    expect(asked()).toEqual([])
    vi.unstubAllEnvs()
  })

  it('for a setting that no provider supports', () => {
    expect(() => river().stream({ ...ask('gpt-4'), topP: 0.5 })).toThrow(TypeError)
    expect(() => river().stream({ ...ask('gpt-4'), topP: 0.5 })).toThrow(/Lockchat does not support "topP"[^]*Liaobots/)
    expect(asked()).toEqual([])
  })

  it('for a setting that one of them supports, that one is asked', async () => {
    const result = await river({ aliases: { any: ['gpt-4', 'gravityengine/gpt-3.5-turbo-0613'] } }).complete({
      ...ask('any'),
      presencePenalty: 1,
    })
    expect(result.provider).toBe('gravityengine')
  })

  it('for no providers, a wrong option, a wrong request', () => {
    expect(() => rivulet({ providers: [] })).toThrow(/rivulet.fromEnv\(\)/)
    expect(() => river({ alias: {} } as never)).toThrow(/Did you mean "aliases"\?/)
    expect(() => river().stream({ ...ask('gpt-4'), messages: [] })).toThrow(/messages is empty/)
    expect(() => river().stream({ messages: [] } as never)).toThrow(TypeError)
  })
})

describe('conveniences', () => {
  it('text() streams, of a question as of a request', async () => {
    const pieces = await Array.fromAsync(river().text('echo one two three'))
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.join('')).toBe(sim.requests[0]?.answer)
    await expect(Array.fromAsync(river().text(ask('gpt-3.5-turbo', 'echo hi')))).resolves.not.toEqual([])
  })

  it('complete() takes the model option when none is named', async () => {
    await river({ model: 'gravityengine/gpt-3.5-turbo-0613' }).complete('Hello')
    expect(asked()).toEqual(['gravityengine'])
  })

  it('is a provider like any other', () => {
    expect(describeProvider(river())).toMatch(/^Rivulet supports: \(model: string, messages: Message\[\]/)
  })
})

describe('fromEnv', () => {
  const emptyEnvironment = (): void => {
    for (const { credentials, baseUrl, host } of KNOWN_PROVIDERS) {
      for (const name of [...credentials, baseUrl, host]) if (name !== undefined) vi.stubEnv(name, '')
    }
  }

  it('takes the providers that the environment configures, at the call', async () => {
    emptyEnvironment()
    vi.stubEnv('LIAOBOTS_AUTH', 'code')
    vi.stubEnv('LIAOBOTS_BASE_URL', sim.baseUrl('liaobots'))
    const found = rivulet.fromEnv()
    vi.unstubAllEnvs()
    expect(found.providers.map(({ id }) => id)).toEqual(['liaobots'])
    await expect(found.complete('Hello')).resolves.toMatchObject({ provider: 'liaobots' })
    expect(sim.requests[0]?.headers['x-auth-code']).toBe('code')
  })

  it('leaves out what is configured wrongly, with a warning; a blank key is none', () => {
    emptyEnvironment()
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    vi.stubEnv('OPENAI_API_KEY', '  ')
    vi.stubEnv('MISTRAL_API_KEY', 'key')
    vi.stubEnv('MISTRAL_BASE_URL', 'mistral.example')
    expect(() => rivulet.fromEnv()).toThrow(/^mistral: baseUrl is not a URL.* See MISTRAL_API_KEY, MISTRAL_BASE_URL/)
    expect(warn).not.toHaveBeenCalled()
    vi.stubEnv('GROQ_API_KEY', 'key')
    expect(rivulet.fromEnv().providers.map(({ id }) => id)).toEqual(['groq'])
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^mistral: baseUrl is not a URL/), 'RivuletWarning']])
    vi.unstubAllEnvs()
    warn.mockRestore()
  })

  it('asks Ollama where its own variable says', async () => {
    emptyEnvironment()
    vi.stubEnv('OLLAMA_HOST', new URL(sim.baseUrl('ollama')).host)
    const found = rivulet.fromEnv()
    vi.unstubAllEnvs()
    expect(found.providers.map(({ id }) => id)).toEqual(['ollama'])
  })

  it('names the variables when there are none', () => {
    emptyEnvironment()
    expect(() => rivulet.fromEnv()).toThrow(/OPENAI_API_KEY, OPENAI_BASE_URL.*LOCKCHAT_AUTH/)
    vi.unstubAllEnvs()
  })
})
