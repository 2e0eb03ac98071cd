import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openaiEndpoint } from './support/endpoint.ts'
import { run, start } from './support/run.ts'

test('with nothing configured, a simulator answers, and a line on stderr says so', async () => {
  const { code, out, err } = await run(['Count', 'to', '5'])
  expect(out).toBe('1, 2, 3, 4, 5.\n')
  expect(err).toMatch(/^rivulet: no provider is configured: a simulator answers\. .*\n$/)
  expect(code).toBe(0)
})

test('the model, the system message, and what is piped in before the question reach the provider', async () => {
  const { sim, env } = await openaiEndpoint()
  const model = sim.dialects.find(({ id }) => id === 'openai')?.models[1] ?? ''
  const args = ['Which of these?', '-m', model, '--system', 'Be brief.', '--usage']
  const { code, err } = await run(args, { env, input: '\nOne.\nTwo.\n' })
  expect(sim.requests.map(({ body }) => body)).toMatchObject([
    {
      model,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'One.\nTwo.\n\nWhich of these?' },
      ],
    },
  ])
  expect(err).toMatch(new RegExp(`^openai · ${model} · \\d+ tokens in, \\d+ out · \\$[\\d.]+ · [\\d.]+ s\\n$`))
  expect(code).toBe(0)
})

test('--json prints the whole answer to a question that is piped in as one document, also when it broke once', async () => {
  const { sim, env } = await openaiEndpoint()
  sim.fault('openai', { kind: 'truncate', times: 1 })
  const { code, out, err } = await run(['--json'], { env, input: 'Count to 5\n' })
  expect(JSON.parse(out)).toMatchObject({ provider: 'openai', text: '1, 2, 3, 4, 5.', reason: 'stop' })
  expect(sim.requests).toHaveLength(2)
  expect(err).toBe('')
  expect(code).toBe(0)
})

test('a refused key is exit code 3, and with --json a document of the error', async () => {
  const { sim, env } = await openaiEndpoint()
  sim.fault('openai', 'wrong-key')
  const { code, out, err } = await run(['--json', 'Hello'], { env })
  expect(JSON.parse(out)).toMatchObject({ error: { name: 'ChatError', message: expect.any(String) as string } })
  expect(err).toMatch(/^rivulet: .*openai.*API key.*\n$/)
  expect(out + err).not.toContain('a-key')
  expect(code).toBe(3)
})

test('an answer that breaks off is exit code 6: what came is printed, and the error is on a line of its own', async () => {
  const { sim, env } = await openaiEndpoint()
  sim.fault('openai', 'truncate')
  const { code, out, err } = await run(['Count to 20'], { env })
  expect(out).toMatch(/^1, 2.*\n$/)
  expect(out).not.toContain('20')
  expect(err).toMatch(/^rivulet: .*openai.*\n$/)
  expect(code).toBe(6)
})

test('Ctrl-C in the middle of an answer ends the connection, and is exit code 130', async () => {
  const { child, output, ended } = start(['a long essay'])
  await once(child.stdout ?? child, 'data')
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  expect(output.err).toMatch(/^rivulet: no provider .*\n$/)
})

test('a reader that leaves, as in "| head", ends it without an error', async () => {
  const { child, output, ended } = start(['a long essay'])
  await once(child.stdout ?? child, 'data')
  child.stdout?.destroy()
  expect(await ended).toBe(0)
  expect(output.err).toMatch(/^rivulet: no provider .*\n$/)
})
