import { spawnSync } from 'node:child_process'
import { KNOWN_PROVIDERS } from 'rivulet'
import { expect, test } from 'vitest'
import { openaiEndpoint } from './support/endpoint.ts'
import { run, startInTerminal } from './support/run.ts'

test('doctor asks every provider once, and says what to do about each that fails', async () => {
  const { sim, env } = await openaiEndpoint()
  sim.fault('anthropic', 'wrong-key')
  sim.fault('lockchat', 'html-200')
  const { code, out, err } = await run(['doctor'], {
    env: {
      ...env,
      ANTHROPIC_API_KEY: 'another-key',
      ANTHROPIC_BASE_URL: sim.baseUrl('anthropic'),
      LOCKCHAT_BASE_URL: sim.baseUrl('lockchat'),
      MISTRAL_API_KEY: 'x',
      MISTRAL_BASE_URL: 'not a URL',
    },
  })
  const lines = out.trimEnd().split('\n')
  expect(lines).toEqual([
    expect.stringMatching(/^✓ openai {5}\S+ has answered in [\d.]+ s\.$/) as string,
    expect.stringMatching(/^✗ anthropic {2}.*Check the API key\. \(ANTHROPIC_API_KEY\)$/) as string,
    expect.stringMatching(/^✗ lockchat {3}.*\(LOCKCHAT_BASE_URL\)$/) as string,
  ])
  // One that can't be made is said as well.
  expect(err).toMatch(/^rivulet: mistral.*MISTRAL_BASE_URL in the environment\.\n$/)
  expect(out + err).not.toContain('another-key')
  expect(sim.requests.map(({ dialect }) => dialect).sort()).toEqual(['anthropic', 'lockchat', 'openai'])
  expect(code).toBe(0)
})

test('doctor is exit code 1 when nothing works, and names every variable when nothing is configured', async () => {
  const { sim, env } = await openaiEndpoint()
  sim.fault('openai', 'overloaded')
  const [failing, unconfigured, wrong] = await Promise.all([
    run(['doctor'], { env }),
    run(['doctor']),
    run(['doctor'], { env: { MISTRAL_BASE_URL: 'not a URL', MISTRAL_API_KEY: 'a-key' } }),
  ])
  expect(wrong).toMatchObject({ code: 1, out: expect.stringMatching(/^✗ mistral: .*MISTRAL_BASE_URL.*\n$/) as string })
  expect(failing.out).toMatch(/^✗ openai {2}.*\n$/)
  expect(failing.code).toBe(1)
  for (const { credentials, baseUrl } of KNOWN_PROVIDERS) {
    for (const name of [...credentials, baseUrl]) expect(unconfigured.out).toContain(name)
  }
  expect(unconfigured.code).toBe(1)
})

const hasScript = spawnSync('script', ['--version']).status === 0

test.skipIf(!hasScript)(
  'on a terminal, the mark of a provider that works is green; NO_COLOR leaves it plain',
  async () => {
    const { env } = await openaiEndpoint()
    const coloured = startInTerminal(['doctor'], { env })
    const plain = startInTerminal(['doctor'], { env: { ...env, NO_COLOR: '1' } })
    expect(await coloured.ended).toBe(0)
    expect(coloured.output.out).toMatch(/^\u001B\[32m✓\u001B\[39m openai/)
    expect(await plain.ended).toBe(0)
    expect(plain.output.out).toMatch(/^✓ openai/)
  },
)
