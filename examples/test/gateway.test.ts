import { anthropic } from '@rivulet/provider-anthropic'
import { collect } from '@rivulet/core'
import { openai } from '@rivulet/provider-openai'
import { simulator } from '@rivulet/simulator'
import { expect, test } from 'vitest'
import { serve } from '../gateway.ts'

test('a client of either vendor gets its answer from whichever member is healthy', async () => {
  await using sim = await simulator({ pace: 'instant' })
  sim.fault('openai', { kind: 'status' })
  const members = [
    openai({ apiKey: 'key-of-the-server', baseUrl: sim.baseUrl('openai') }),
    anthropic({ apiKey: 'key-of-the-server', baseUrl: sim.baseUrl('anthropic') }),
  ]
  const { url, key, close } = await serve(members, 0)
  const request = { model: 'claude-sonnet-5-5', messages: [{ role: 'user', content: 'Count to 12.' }] } as const
  const clients = [anthropic({ apiKey: key, baseUrl: url }), openai({ apiKey: key, baseUrl: `${url}/v1` })]
  for (const client of clients) {
    const { text } = await collect(client.stream({ ...request, maxTokens: 1_000 }))
    expect(text).toBe(sim.requests.at(-1)?.answer)
  }
  await expect(collect(openai({ apiKey: 'wrong', baseUrl: `${url}/v1` }).stream(request))).rejects.toThrow(/key/)
  await close()
})
