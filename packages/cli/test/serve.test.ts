import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openai } from 'rivulet'
import { chat } from '@rivulet/core'
import { expect, onTestFinished, test } from 'vitest'
import { openaiEndpoint } from './support/endpoint.ts'
import { run, start, startInTerminal, type Started } from './support/run.ts'

/** The address that a gateway has printed. */
async function urlOf({ output }: Started): Promise<string> {
  await expect.poll(() => output.out).toContain('For agents:')
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

test('when the reader of stderr has left, requests are answered, and the end is an ordinary one', async () => {
  const { env } = await openaiEndpoint()
  const serving = start(['serve', '--port', '0', '--log', 'info'], { env })
  const url = await urlOf(serving)
  serving.child.stderr?.destroy()
  const { complete } = chat(openai({ baseUrl: `${url}/v1`, apiKey: 'any' }))
  for (const _ of [1, 2]) expect(await complete('Hello')).toMatchObject({ reason: 'stop' })
  serving.child.kill('SIGTERM')
  expect(await serving.ended).toBe(0)
})

test('a second SIGINT ends the answers under way at once, as failed', async () => {
  const { sim, env } = await openaiEndpoint()
  sim.fault('openai', { kind: 'trickle', everyMs: 20 })
  const serving = start(['serve', '--port', '0'], { env })
  const response = await fetch(`${await urlOf(serving)}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-6-luna', messages: [{ role: 'user', content: 'Hello' }], stream: true }),
  })
  serving.child.kill('SIGINT')
  await expect.poll(() => serving.output.err).toContain('Press Ctrl-C again')
  serving.child.kill('SIGINT')
  expect(await response.text()).toContain('the server closes: ask again')
  expect(await serving.ended).toBe(0)
})

test('with a key, a client that does not send it is refused, and the lines for agents do not show it', async () => {
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

/** A folder with a configuration in its usual place. */
function configured(text: string): { cwd: string; write: (text: string) => void } {
  const cwd = mkdtempSync(join(tmpdir(), 'rivulet-cli-'))
  onTestFinished(() => {
    rmSync(cwd, { recursive: true })
  })
  const write = (changed: string): void => {
    writeFileSync(join(cwd, 'rivulet.yaml'), changed)
  }
  write(text)
  return { cwd, write }
}

test('a configuration is served, and again when it has changed; a wrong change is refused with its place', async () => {
  const { sim } = await openaiEndpoint()
  const config = (model: string, more = ''): string => `
providers:
  work: { type: openai, apiKey: "\${WORK_KEY}", baseUrl: "${sim.baseUrl('openai')}" }
models:
  ${model}: { members: [work/gpt-6-sol] }
listen: { port: 0 }
${more}`
  const { cwd, write } = configured(config('coder'))
  const serving = start(['serve'], { cwd, env: { WORK_KEY: 'a-key' } })
  const url = await urlOf(serving)
  expect(serving.output.err).toBe('rivulet: reads rivulet.yaml.\n')
  expect(serving.output.out).toMatch(/^Rivulet serves coder, work\/\* on http:/)
  const first = async (): Promise<unknown> =>
    ((await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] }).data[0]?.id
  expect(await first()).toBe('coder')

  write(config('writer'))
  await expect.poll(() => serving.output.err).toContain('rivulet.yaml has changed: serves writer')
  expect(await first()).toBe('writer')

  write(config('poet', 'hold: all'))
  await expect.poll(() => serving.output.err).toContain('what it said before stays')
  expect(serving.output.err).toContain('rivulet: rivulet.yaml:7:7: hold: expected one of none, calls, answer')
  expect(await first()).toBe('writer')

  // What only shows when it is to listen is refused as well.
  write(config('poet', 'keys: []').replace('port: 0', 'host: 0.0.0.0'))
  await expect.poll(() => serving.output.err.match(/what it said before stays/g)).toHaveLength(2)
  expect(await first()).toBe('writer')
  serving.child.kill('SIGTERM')
  expect(await serving.ended).toBe(0)
})

test('an answer under way goes on when the configuration changes', async () => {
  const { sim, env } = await openaiEndpoint()
  const config = (hold: string): string =>
    `{ "providers": { "openai": { "baseUrl": "${sim.baseUrl('openai')}" } }, "listen": { "port": 0 }, "hold": "${hold}" }`
  const { cwd, write } = configured(config('none'))
  const serving = start(['serve', '--config', 'rivulet.yaml'], { cwd, env })
  const url = await urlOf(serving)
  sim.fault('openai', { kind: 'trickle', everyMs: 20 })
  let since = 0
  for await (const _ of chat(openai({ baseUrl: `${url}/v1`, apiKey: 'any' })).text('Hello')) {
    if (since === 0) write(config('calls'))
    if (since < 1 || serving.output.err.includes('has changed: serves openai/*')) since++
    if (since > 20) break
  }
  expect(sim.requests).toHaveLength(1)
})

test('a missing file, wrong keys, and keys that are given twice are exit code 2', async () => {
  const { cwd } = configured(`
providers: { ollama: }
keys: [{ id: a, hash: ${'a'.repeat(64)} }, { id: a, hash: ${'b'.repeat(64)} }]
`)
  const [missing, wrong, twice] = await Promise.all([
    run(['serve', '--config', 'other.yaml'], { cwd }),
    run(['serve', '--port', '0'], { cwd }),
    run(['serve', '--port', '0', '--key', 'sesame'], { cwd }),
  ])
  expect(missing).toMatchObject({ code: 2, err: 'rivulet: The file other.yaml does not exist.\n' })
  expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/^rivulet: keys\[1\]: id must be /m) as string })
  expect(twice).toMatchObject({ code: 2, err: expect.stringContaining('leave one of them out') as string })
})

test('what is logged is JSON in a pipe and a line for people on a terminal', async () => {
  const { env } = await openaiEndpoint()
  const ask = async (url: string): Promise<void> => {
    await chat(openai({ baseUrl: `${url}/v1`, apiKey: 'key-of-a-client' })).complete('Count to 3')
    await (await fetch(`${url}/nowhere`)).text()
  }
  const args = ['serve', '--port', '0', '--log', 'info']
  const piped = start(args, { env })
  await ask(await urlOf(piped))
  await expect.poll(() => piped.output.err.split('\n')).toHaveLength(3)
  const logged = piped.output.err.split('\n').filter(Boolean)
  expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 30, msg: 'chat answered', provider: 'openai', status: 200, attempts: 1 },
    { level: 40, msg: 'unknown path refused', status: 404 },
  ])
  const shown = startInTerminal(args, { env: { ...env, NO_COLOR: '1' } })
  await ask(await urlOf(shown))
  await expect.poll(() => shown.output.out).toMatch(/^rivulet: chat answered: \S+ by openai, 200, \d+\.\d\d s\r?$/m)
  await expect.poll(() => shown.output.out).toMatch(/^rivulet: unknown path refused: 404, 0\.\d\d s\r?$/m)
  expect(piped.output.err + shown.output.out).not.toContain('key-of-a-client')
})

test('metrics are at the main address, or at one of their own that the first lines name', async () => {
  const { env } = await openaiEndpoint()
  const [one, two] = [
    start(['serve', '--port', '0'], { env }),
    start(['serve', '--port', '0', '--observe-port', '0'], { env }),
  ]
  const page = await (await fetch(`${await urlOf(one)}/metrics`)).text()
  expect(page).toContain('# HELP rivulet_requests_total')
  const main = await urlOf(two)
  const observed = /^Metrics: (\S+)$/m.exec(two.output.out)?.[1] ?? ''
  expect(await (await fetch(observed)).text()).toBe(page)
  expect((await fetch(`${main}/metrics`)).status).toBe(404)
})
