import { runTools, tool } from '@rivulet/core'
import { simulator } from '@rivulet/simulator'
import { expect, test } from 'vitest'
import { anthropic } from '../src/index.ts'

/** See `docs/decisions/anthropic-version.md`. */
const versions = [undefined, '2026-10-21'] as const

const weather = tool({ name: 'get_weather', run: () => '21 degrees' })

test.each(versions)('tools and thoughts go back and forth in version %s', async (version) => {
  await using sim = await simulator()
  const headers = version === undefined ? {} : { 'anthropic-version': version }
  const provider = anthropic({ apiKey: 'sk-test', baseUrl: sim.baseUrl('anthropic'), headers })
  const messages = [{ role: 'user' as const, content: 'What is the weather in Oslo?' }]
  const request = { model: 'claude-opus-5-5', messages, reasoning: 'low' as const }
  let text = ''
  for await (const event of runTools(provider, { request, tools: [weather] }))
    if (event.type === 'text') text += event.text
  expect(text).toContain('21 degrees')
  expect(sim.requests.map(({ headers: sent, status }) => [sent['anthropic-version'], status])).toEqual(
    Array(2).fill([version ?? '2023-06-01', 200]),
  )
  const sampled = { ...request, temperature: 0.5 }
  const asked = Array.fromAsync(provider.stream(sampled))
  // The newer one has no sampling.
  if (version === undefined) await expect(asked).resolves.not.toEqual([])
  else
    await expect(asked).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('temperature') as unknown,
    })
})
