import { createServer } from 'node:http'
import { once } from 'node:events'
import { openai } from 'rivulet'
import { chat } from '@rivulet/core'
import { expect, onTestFinished, test } from 'vitest'
import { openaiEndpoint } from './support/endpoint.ts'
import { run, start, type Started } from './support/run.ts'

/** The address that a gateway has printed. */
async function urlOf({ output }: Started): Promise<string> {
  await expect.poll(() => output.out, { timeout: 20_000 }).toContain('For agents:')
  return / on (http:\S+)\. Press/.exec(output.out)?.[1] ?? ''
}

test('serve prints two lines, and answers the clients that they are for until it is told to stop', async () => {
  const serving = start(['serve', '--port', '0'])
  const url = await urlOf(serving)
  expect(serving.output.out).toBe(
    `Rivulet serves a simulator of openai, anthropic, google on ${url}. Press Ctrl-C to stop.\n` +
      `For agents: export ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=any OPENAI_BASE_URL=${url}/v1 ` +
      `OPENAI_API_KEY=any GOOGLE_GEMINI_BASE_URL=${url} GEMINI_API_KEY=any\n`,
  )
  const { complete } = chat(openai({ baseUrl: `${url}/v1`, apiKey: 'any' }))
  expect(
    await complete({ model: 'claude-opus-5-5', messages: [{ role: 'user', content: 'Count to 3' }] }),
  ).toMatchObject({
    text: '1, 2, 3.',
    model: 'claude-opus-5-5',
  })
  serving.child.kill('SIGTERM')
  expect(await serving.ended).toBe(0)
  expect(serving.output.err).toMatch(/^rivulet: no provider .*\nrivulet: stops; .*\n$/)
})

test('SIGINT lets an answer under way end whole, and then the gateway is gone', async () => {
  const { sim, env } = await openaiEndpoint()
  sim.fault('openai', { kind: 'trickle', everyMs: 20, total: 40 })
  const serving = start(['serve', '--port', '0'], { env })
  const url = await urlOf(serving)
  const answer = chat(openai({ baseUrl: `${url}/v1`, apiKey: 'any' })).text('Hello')
  const pieces: string[] = []
  for await (const piece of answer) {
    if (pieces.length === 0) serving.child.kill('SIGINT')
    pieces.push(piece)
  }
  expect(await answer.result).toMatchObject({ reason: 'stop' })
  expect(await serving.ended).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

test('with a key, who does not send it is refused, and the lines for agents do not show it', async () => {
  const { env } = await openaiEndpoint()
  const serving = start(['serve', '--port', '0', '--hold', 'calls'], { env: { ...env, RIVULET_KEY: 'sesame' } })
  const url = await urlOf(serving)
  expect(serving.output.out).toContain('OPENAI_API_KEY="$RIVULET_KEY"')
  expect(serving.output.out).not.toContain('sesame')
  const statusWith = async (key: string): Promise<number> =>
    (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status
  expect(await statusWith('sesame')).toBe(200)
  expect(await statusWith('a-key')).toBe(401)
})

test('a port in use, a public address without a key, and a gateway that would ask itself are exit code 2', async () => {
  const { env } = await openaiEndpoint()
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = String(typeof address === 'object' && address?.port)
  const [inUse, open, itself] = await Promise.all([
    run(['serve', '--port', port], { env }),
    run(['serve', '--port', '0', '--host', '0.0.0.0'], { env }),
    run(['serve', '--port', port], { env: { ...env, ANTHROPIC_BASE_URL: `http://localhost:${port}` } }),
  ])
  expect(inUse).toMatchObject({ code: 2, out: '' })
  expect(inUse.err).toMatch(/^rivulet: .*address already in use .*Choose another with --port; 0 takes a free one\.\n$/)
  expect(open).toMatchObject({ code: 2, out: '' })
  expect(open.err).toMatch(/^rivulet: other machines reach 0\.0\.0\.0: give the gateway keys.*\n$/)
  expect(itself).toMatchObject({ code: 2, out: '' })
  expect(itself.err).toMatch(/^rivulet: ANTHROPIC_BASE_URL is the address of this gateway.*\n$/)
})
