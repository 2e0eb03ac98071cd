import { ChatError, type EmbedRequest, type EmbedResult, type Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { describe, expect, it } from 'vitest'
import { balance, failover } from '../src/index.ts'
import { failure, member } from './support/members.ts'

const REQUEST: EmbedRequest = { model: 'm', input: ['Hello'] }
const VECTORS: EmbedResult = { vectors: [[1, 2]] }

/** A member with vectors, or with what it throws instead. */
function embedder(id: string, answer: EmbedResult | Error, asked: string[] = []): Provider {
  return {
    ...member(id),
    async embed() {
      asked.push(id)
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

describe('embed() of a group', () => {
  it('is there when a member has it, and passes over those that have none and those that fail', async () => {
    expect('embed' in failover([member('a')])).toBe(false)
    const asked: string[] = []
    const members = [
      member('chat only'),
      embedder('down', failure('overloaded'), asked),
      embedder('unable', new TypeError('no dimensions'), asked),
      embedder('sound', VECTORS, asked),
    ]
    await expect(failover(members).embed?.(REQUEST)).resolves.toBe(VECTORS)
    expect(asked).toEqual(['down', 'unable', 'sound'])
  })

  it('goes by the policy', async () => {
    const asked: string[] = []
    const group = balance([embedder('a', VECTORS, asked), embedder('b', VECTORS, asked)], { by: 'round-robin' })
    for (let count = 0; count < 4; count++) await group.embed?.(REQUEST)
    expect(asked.join('')).toBe('abab')
  })

  it('throws exhausted with each error, the caller’s mistake when there is nothing else, and what does not move on', async () => {
    const down = [embedder('a', failure('network')), embedder('b', failure('auth')), embedder('c', new TypeError('no'))]
    await expect(failover(down).embed?.(REQUEST)).rejects.toMatchObject({
      code: 'exhausted',
      attempts: [{ code: 'network' }, { code: 'auth' }],
    })
    await expect(failover(down.slice(2)).embed?.(REQUEST)).rejects.toThrow(TypeError)
    const refusing = failover([embedder('a', failure('bad-request')), embedder('b', VECTORS)])
    await expect(refusing.embed?.(REQUEST)).rejects.toMatchObject({ code: 'bad-request' })
    const once = failover(down, { attempts: 1 })
    await expect(once.embed?.(REQUEST)).rejects.toMatchObject({ attempts: [{ code: 'network' }] })
  })

  it('ends with the caller’s reason, and when its time is up', async () => {
    const clock = new ManualClock(0)
    const hangs: Provider = {
      ...member('hangs'),
      embed: (_, call) =>
        new Promise((_resolve, reject) => {
          call?.signal?.addEventListener('abort', () => {
            reject(call.signal?.reason as Error)
          })
        }),
    }
    const group = failover([hangs, embedder('sound', VECTORS)], { totalMs: 1000, clock })
    const late = group.embed?.(REQUEST)
    const reason = new Error('enough')
    const controller = new AbortController()
    const left = group.embed?.(REQUEST, { signal: controller.signal })
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    await Promise.all([expect(late).rejects.toBeInstanceOf(ChatError), clock.run()])
    expect(clock.pending).toBe(0)
  })
})
