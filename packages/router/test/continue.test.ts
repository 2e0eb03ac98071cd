import { ChatError, type ChatEvent, type ChatRequest, collect, partialOf, type Provider, textOf } from '@rivulet/core'
import { type Batches, trustedStream } from '@rivulet/core/provider'
import { describe, expect, it } from 'vitest'
import { failover, type GroupOptions } from '../src/index.ts'
import { eventsOf, failure, finish, member, type Member, REQUEST, type Script, text } from './support/members.ts'

const used = (input: number, output: number) => ({
  inputTokens: input,
  outputTokens: output,
  source: 'reported' as const,
})
const finishing = (input: number, output: number): ChatEvent => ({ ...finish, usage: used(input, output) }) as ChatEvent

function prefilling(id: string, ...scripts: Script[]): Member {
  const made = member(id, ...scripts)
  return Object.assign(made, { info: { ...made.info, prefill: true } })
}

const broken = (...pieces: string[]): Member => member('broken', [...pieces.map(text), failure('truncated')])
const group = (members: Provider[], onBreak: GroupOptions['onBreak'] = 'continue') => failover(members, { onBreak })

describe("'continue'", () => {
  it('gives a resume event and the rest', async () => {
    const next = prefilling('next', [text(' world'), finishing(5, 2)])
    expect(await eventsOf(group([broken('Hello'), next]).stream(REQUEST))).toEqual([
      { type: 'start', provider: 'broken', model: 'm' },
      text('Hello'),
      { type: 'resume', from: 'broken', reason: 'truncated', message: 'it says truncated' },
      { type: 'start', provider: 'next', model: 'm' },
      text(' world'),
      { ...finish, usage: { ...used(5, 2), source: 'estimated' } },
    ])
    expect(next.requests).toEqual([
      { ...REQUEST, messages: [...REQUEST.messages, { role: 'assistant', content: 'Hello' }] },
    ])
  })

  it('is whole for collect() and for a text reader', async () => {
    const members = () => [
      broken('Hello', ' wor', 'ld. \n'),
      prefilling('next', [text('\nAnd'), text(' more'), finish]),
    ]
    await expect(collect(group(members()).stream(REQUEST))).resolves.toMatchObject({ text: 'Hello world. \nAnd more' })
    const pieces = await Array.fromAsync(textOf(group(members()).stream(REQUEST)))
    expect(pieces.join('')).toBe('Hello world. \nAnd more')
  })

  it('sends no white space at the end, and no half of a character', async () => {
    const next = prefilling('next', [text('x'), finish])
    await collect(group([broken('Hello \n '), next]).stream(REQUEST))
    await collect(group([broken(`Hi ${'😀'.slice(0, 1)}`), next]).stream(REQUEST))
    expect(next.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual(['Hello', 'Hi'])
  })

  it('holds half a character back until it is whole', async () => {
    const [high, low] = ['😀'.slice(0, 1), '😀'.slice(1)]
    const frame: ChatEvent = { type: 'raw', dialect: 'openai-chat', label: 'as-is', data: '' }
    const split = member('split', [text(`a${high}`), frame, text(`${low}b`), finish])
    const read = await eventsOf(group([split]).stream(REQUEST))
    expect(read.filter(({ type }) => type === 'text')).toEqual([text('a'), text('😀b')])
    const cut = await collect(group([broken(`a${high}`), prefilling('next', [text('b'), finish])]).stream(REQUEST))
    expect(cut.text).toBe('ab')
  })

  it('continues a turn that the caller has begun', async () => {
    const next = prefilling('next', [text('2'), finish])
    const messages: ChatRequest['messages'] = [...REQUEST.messages, { role: 'assistant', content: 'It is ' }]
    await collect(group([broken('4'), next]).stream({ ...REQUEST, messages }))
    expect(next.requests[0]?.messages).toEqual([...REQUEST.messages, { role: 'assistant', content: 'It is 4' }])
  })

  it('sums the usage of the members whose text is kept, and marks an estimate', async () => {
    const partial = { provider: 'a', model: 'm', content: [], text: 'Hello', toolCalls: [], usage: used(3, 1) }
    const known = member('a', [text('Hello'), new ChatError('truncated', 'broke', { partial })])
    const whole = await collect(group([known, prefilling('next', [text('!'), finishing(4, 1)])]).stream(REQUEST))
    expect(whole.usage).toEqual(used(7, 2))
    const unseen = [
      broken('Hello'),
      prefilling('failing', [failure('network')]),
      prefilling('next', [text('!'), finishing(4, 1)]),
    ]
    expect((await collect(group(unseen).stream(REQUEST))).usage).toEqual({ ...used(4, 1), source: 'estimated' })
    const none = await collect(group([broken('Hello'), prefilling('next', [text('!'), finish])]).stream(REQUEST))
    expect(none.usage).toBeUndefined()
  })

  it('continues as often as there are members, and then fails with all that had arrived', async () => {
    const third = prefilling('c', [text(' three'), failure('overloaded')])
    const second = prefilling('b', [text(' two'), failure('network')])
    const error: unknown = await collect(group([broken('one'), second, third]).stream(REQUEST)).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'overloaded', partial: { text: 'one two three' } })
    expect(third.requests[0]?.messages.at(-1)).toEqual({ role: 'assistant', content: 'one two' })
  })

  it('asks another member when one adds nothing, and when none adds text, the break is what its reader is told', async () => {
    const echo = (): Member => prefilling('echo', [text('Hello'), finish])
    const silent = (): Member => prefilling('silent', [finish])
    const attempts: string[] = []
    const read = (...members: Provider[]) => {
      attempts.length = 0
      const steady = failover([broken('Hello'), ...members], {
        onBreak: 'continue',
        onAttempt: ({ provider, outcome, error }) => attempts.push(`${provider} ${outcome} ${error?.code ?? ''}`),
      })
      return steady.stream(REQUEST)
    }
    const more = await eventsOf(read(echo(), prefilling('next', [text(' world'), finish])))
    expect(more.filter(({ type }) => type === 'text')).toEqual([text('Hello'), text(' world')])
    expect(attempts).toEqual(['broken failed truncated', 'echo failed malformed', 'next answered '])
    const others: Member[][] = [
      [],
      [silent()],
      [prefilling('thinking', [{ type: 'reasoning', text: 'Is it whole?' }, finish])],
      [prefilling('blank', [text(''), finish])],
      [prefilling('cut', [{ ...finish, reason: 'length' } as ChatEvent])],
      [member('plain', [text('Anew'), finish])],
    ]
    for (const rest of others) {
      for (const ending of [echo(), silent()]) {
        await expect(collect(read(ending, ...rest))).rejects.toMatchObject({
          code: 'truncated',
          message: 'it says truncated',
          partial: { text: 'Hello' },
        })
      }
    }
    const dead = read(silent(), prefilling('dead', [failure('network')]))
    await expect(collect(dead)).rejects.toMatchObject({
      code: 'exhausted',
      attempts: [{ code: 'truncated' }, { code: 'network' }],
      partial: { text: 'Hello' },
    })
  })

  it('an answer in which nothing follows a break is never a success, whatever came before it', async () => {
    const messages: ChatRequest['messages'] = [...REQUEST.messages, { role: 'assistant', content: 'It is' }]
    const silent = (id: string): Member => prefilling(id, [finish])
    const breaking = prefilling('breaking', [text(' so'), failure('network')])
    const request = { ...REQUEST, messages }
    const steady = group([silent('first'), breaking, silent('last')])
    await expect(collect(steady.stream(request))).rejects.toMatchObject({ code: 'network', partial: { text: ' so' } })
  })

  it("'restart': when no member answers anew, the break is what its reader is told", async () => {
    const members = [broken('Hello'), member('empty', [finish]), member('blank', [text(''), finish])]
    await expect(collect(group(members, 'restart').stream(REQUEST))).rejects.toMatchObject({
      code: 'truncated',
      partial: { text: 'Hello' },
    })
  })

  it('gives reasoning of a member that continues only with text that it adds', async () => {
    const thinking = prefilling('thinking', [{ type: 'reasoning', text: 'hm' }, text(' world'), finish])
    const events = await eventsOf(group([broken('Hello'), thinking]).stream(REQUEST))
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'resume', 'start', 'reasoning', 'text', 'finish'])
  })

  it('ends the answer of a caller whose own turn is whole; any other answer without content is a failure', async () => {
    const messages: ChatRequest['messages'] = [...REQUEST.messages, { role: 'assistant', content: 'Hello.' }]
    const silent = () => group([prefilling('silent', [finish])])
    await expect(collect(silent().stream({ ...REQUEST, messages }))).resolves.toMatchObject({
      text: '',
      reason: 'stop',
    })
    await expect(collect(silent().stream(REQUEST))).rejects.toMatchObject({ code: 'malformed' })
  })

  it.each([
    ['an error of the caller', new Error('enough')],
    ['a deadline of a layer around it', new ChatError('timeout', 'too slow')],
  ])('an abort by %s keeps what all members have given together', async (_, reason) => {
    const controller = new AbortController()
    const next = prefilling('next', [text(' world'), text(', and so on'), finish])
    const reading = (async () => {
      for await (const event of group([broken('Hello'), next]).stream(REQUEST, { signal: controller.signal })) {
        if (event.type === 'text' && event.text === ' world') controller.abort(reason)
      }
    })()
    await expect(reading).rejects.toBe(reason)
    expect(partialOf(reason)).toMatchObject({ provider: 'next', text: 'Hello world' })
  })

  it('asks members that prefill before others, and names the one that continues', async () => {
    const plain = member('plain', [text('Anew'), finish])
    const members = [broken('Hello'), plain, prefilling('next', [text('!'), finish])]
    await expect(collect(group(members).stream(REQUEST))).resolves.toMatchObject({ text: 'Hello!', provider: 'next' })
    expect(plain.requests).toHaveLength(0)
  })
})

describe('where it is not sound', () => {
  const tool = { name: 'weather' }
  it.each<[string, Partial<ChatRequest>]>([
    ['tools', { tools: [tool] }],
    ['a response format', { responseFormat: 'json' }],
    ['log probabilities', { extra: { next: { logprobs: true } } }],
    ['several answers', { extra: { next: { n: 2 } } }],
  ])('%s: the next recovery of the list is taken, or else it fails', async (_, more) => {
    const members = () => [broken('Hello'), prefilling('next', [text('Anew'), finish])]
    const request = { ...REQUEST, ...more }
    const restarted = await eventsOf(group(members(), ['continue', 'restart']).stream(request))
    expect(restarted.map(({ type }) => type)).toContain('restart')
    await expect(collect(group(members()).stream(request))).rejects.toMatchObject({ code: 'truncated' })
    await expect(collect(group(members(), ['continue', 'fail', 'restart']).stream(request))).rejects.toThrow()
  })

  it.each<[string, Partial<ChatRequest>]>([
    ['text as the format', { responseFormat: 'text' }],
    ['one answer', { extra: { next: { n: 1, logprobs: false } } }],
  ])('but it is with %s', async (_, more) => {
    const members = [broken('Hello'), prefilling('next', [text('!'), finish])]
    await expect(collect(group(members).stream({ ...REQUEST, ...more }))).resolves.toMatchObject({ text: 'Hello!' })
  })

  it.each<[string, ChatEvent]>([
    ['a tool call', { type: 'tool-call', id: '1', name: 'weather' }],
    ['reasoning', { type: 'reasoning', text: 'hm' }],
  ])('an answer with %s', async (_, event) => {
    const half = member('half', [text('Hello'), event, failure('truncated')])
    const events = await eventsOf(
      group([half, prefilling('next', [text('A'), finish])], ['continue', 'restart']).stream(REQUEST),
    )
    expect(events.map(({ type }) => type)).toContain('restart')
  })

  it('no member prefills', async () => {
    const events = await eventsOf(
      group([broken('Hello'), member('plain', [text('Anew'), finish])], ['continue', 'restart']).stream(REQUEST),
    )
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'restart', 'start', 'text', 'finish'])
  })

  it('the member that was to continue fails before it adds anything: there is a restart event, and only that', async () => {
    const members = [broken('Hello'), prefilling('b', [failure('network')]), member('c', [text('Anew'), finish])]
    const result = await eventsOf(group(members, ['continue', 'restart']).stream(REQUEST))
    expect(result.map(({ type }) => type)).toEqual(['start', 'text', 'restart', 'start', 'text', 'finish'])
    expect(result[2]).toMatchObject({ from: 'broken', reason: 'truncated' })
  })

  it('a nested group that restarts does not void what the outer group has delivered', async () => {
    const below = failover(
      [prefilling('b', [text(' wo'), failure('network')]), prefilling('c', [text(' world'), finish])],
      {
        onBreak: 'restart',
      },
    )
    const last = prefilling('d', [text('rld'), finish])
    const result = await collect(group([broken('Hello'), below, last]).stream(REQUEST))
    expect(result.text).toBe('Hello world')
  })
})

it('a list is checked', () => {
  expect(() => group([broken()], ['continue', 'again'] as never)).toThrow(/'continue'.*got "again"/)
})

it('reads none of the text without continue, after the first content', async () => {
  const looksAt = async (onBreak: GroupOptions['onBreak']): Promise<number> => {
    let looks = 0
    const watched: ChatEvent = {
      type: 'text',
      get text() {
        looks++
        return 'x'
      },
    }
    const reads = [[text('x')], [watched, watched], [finish]]
    const batches: Batches = {
      next: async () => {
        const value = reads.shift()
        return value === undefined ? { done: true, value } : { done: false, value }
      },
      close: () => undefined,
    }
    const ours = { ...member('a'), stream: () => trustedStream(undefined, () => batches) }
    await eventsOf(group([ours], onBreak).stream(REQUEST))
    return looks
  }
  expect(await looksAt('fail')).toBe(0)
  expect(await looksAt('restart')).toBe(0)
  expect(await looksAt('continue')).toBeGreaterThan(0)
})
