import { expect, test } from 'vitest'
import { openaiEndpoint } from './support/endpoint.ts'
import { run } from './support/run.ts'

test('models lists each model with its providers; --json gives what is known of them', async () => {
  const { sim, env } = await openaiEndpoint()
  const both = { ...env, OPENROUTER_API_KEY: 'a-key', OPENROUTER_BASE_URL: sim.baseUrl('openai') }
  const [text, json] = await Promise.all([run(['models'], { env: both }), run(['models', '--json'], { env: both })])
  expect(json.code).toBe(0)
  const models = JSON.parse(json.out) as { id: string; providers: string[]; contextTokens: number }[]
  expect(models[0]).toMatchObject({ providers: ['openai'], contextTokens: expect.any(Number) as number })
  const lines = text.out.trimEnd().split('\n')
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual(
    models.map(({ id, providers }) => [id, providers.join(', ')]),
  )
  expect(sim.requests).toEqual([])
})
