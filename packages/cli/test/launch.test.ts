import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simulator } from '@rivulet/simulator'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openaiEndpoint } from './support/endpoint.ts'
import { emptyFolder, fakeAgent } from './support/fake-agent.ts'
import { run, start } from './support/run.ts'

/** Prints what it was started with: its arguments, its environment, and a file. */
const shown = (file = "''"): string => `
  import { readFileSync, statSync } from 'node:fs'
  import { dirname } from 'node:path'
  const { env } = process
  const file = ${file}
  const mode = (path) => (statSync(path).mode & 0o777).toString(8)
  console.log(JSON.stringify({
    args: process.argv.slice(2),
    env,
    ...(file && { file: JSON.parse(readFileSync(file, 'utf8')), mode: mode(dirname(file)) }),
  }))`

interface Shown {
  args: string[]
  env: Record<string, string>
  file?: unknown
  mode?: string
}

async function started(agent: string, args: readonly string[], file?: string, env: Record<string, string> = {}) {
  const fake = fakeAgent(agent, shown(file))
  const { out, ...ended } = await run(['launch', agent, ...args], { ...fake, env: { ...fake.env, ...env } })
  return { ...ended, ...fake, shown: JSON.parse(out) as Shown }
}

/** Asks the gateway for an answer in chat completions, as an agent would. */
const ASKING = `
  const { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key } = process.env
  const ask = (model, credential = key) => fetch(url + '/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ' + credential },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Count to 5' }] }),
  })
`

describe('each agent is pointed at the gateway by what it reads, with its own arguments after that', () => {
  const URL_OF = /^http:\/\/127\.0\.0\.1:\d+$/

  test('Claude Code: by the environment, and by settings that go before those of its user', async () => {
    const { code, shown } = await started(
      'claude',
      ['--model', 'claude-opus-5-5', '-p', 'hi', '--model', 'x'],
      'process.argv[3]',
      {
        ANTHROPIC_API_KEY: 'a-key-of-mine',
        NO_PROXY: 'intranet.example',
      },
    )
    const { args, env, file, mode } = shown
    expect(code).toBe(0)
    expect(args).toEqual(['--settings', args[1], '-p', 'hi', '--model', 'x'])
    expect(env.ANTHROPIC_BASE_URL).toMatch(URL_OF)
    const { ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_MODEL, CLAUDE_CODE_MAX_CONTEXT_TOKENS } = env
    expect(ANTHROPIC_MODEL).toBe('claude-opus-5-5')
    expect(Number(CLAUDE_CODE_MAX_CONTEXT_TOKENS)).toBeGreaterThan(100_000)
    expect(file).toEqual({
      env: { ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_MODEL, CLAUDE_CODE_MAX_CONTEXT_TOKENS },
    })
    expect(env).not.toHaveProperty('ANTHROPIC_API_KEY')
    expect(env.NO_PROXY).toBe('intranet.example,127.0.0.1')
    expect(mode).toBe('700')
  })

  test('Claude Code: with a login that is for a provider, by a header beside it', async () => {
    const fake = fakeAgent('claude', shown('process.argv[3]'))
    writeFileSync(
      join(fake.cwd, 'rivulet.yaml'),
      'providers: { anthropic: { apiKey: a-key } }\nauth: { client: anthropic }',
    )
    const env = { ...fake.env, ANTHROPIC_API_KEY: 'of-the-user', ANTHROPIC_CUSTOM_HEADERS: 'x-team: blue' }
    const { out } = await run(['launch', 'claude'], { ...fake, env })
    const made = JSON.parse(out) as Shown
    expect(made.env.ANTHROPIC_CUSTOM_HEADERS).toMatch(/^x-team: blue\nx-rivulet-key: rvl_claude_\S+$/)
    expect(made.env).toMatchObject({ ANTHROPIC_API_KEY: 'of-the-user' })
    expect(made.env).not.toHaveProperty('ANTHROPIC_AUTH_TOKEN')
    const { ANTHROPIC_BASE_URL, ANTHROPIC_CUSTOM_HEADERS } = made.env
    expect(made.file).toEqual({ env: { ANTHROPIC_BASE_URL, ANTHROPIC_CUSTOM_HEADERS } })
  })

  test('Codex: by -c, over its own configuration; the key is in the environment alone', async () => {
    const { shown } = await started('codex', ['exec', 'hi'])
    const { args, env } = shown
    const settings = Object.fromEntries(
      args.filter((_, at) => args[at - 1] === '-c').map((setting) => setting.split(/=(.*)/s) as [string, string]),
    )
    expect(settings).toEqual({
      model_provider: '"rivulet"',
      'model_providers.rivulet.name': '"Rivulet"',
      'model_providers.rivulet.base_url': expect.stringMatching(/^"http:\/\/127\.0\.0\.1:\d+\/v1"$/) as string,
      'model_providers.rivulet.env_key': '"RIVULET_LAUNCH_KEY"',
      'model_providers.rivulet.wire_api': '"responses"',
    })
    expect(args.slice(-2)).toEqual(['exec', 'hi'])
    expect(env.RIVULET_LAUNCH_KEY).toMatch(/^rvl_codex_/)
    expect(args.join()).not.toContain(env.RIVULET_LAUNCH_KEY)
  })

  test('OpenCode: by a configuration in the environment, with the models that are served', async () => {
    const { shown } = await started('opencode', ['--hold', 'answer', 'run', '--hold', 'x', '--', 'y'])
    const content = JSON.parse(shown.env.OPENCODE_CONFIG_CONTENT ?? '') as {
      model: string
      provider: { rivulet: { options: object; models: object } }
    }
    const { options, models } = content.provider.rivulet
    expect(options).toEqual({
      baseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/) as string,
      apiKey: '{env:RIVULET_LAUNCH_KEY}',
    })
    expect(Object.keys(models)).toContain('claude-opus-5-5')
    expect(Object.keys(models)).toContain(content.model.replace('rivulet/', ''))
    // From its first own argument on, all are its own.
    expect(shown.args).toEqual(['run', '--hold', 'x', '--', 'y'])
  })

  test('Gemini CLI: by the environment, and where its user logs in otherwise, by a home that is else the same', async () => {
    const home = emptyFolder()
    mkdirSync(join(home, '.gemini'))
    writeFileSync(join(home, '.gemini/GEMINI.md'), 'Be short.')
    writeFileSync(
      join(home, '.gemini/settings.json'),
      '{ /* mine */ "ui": { "theme": "a // b" }, "security": { "auth": { "selectedType": "oauth-personal" } } }',
    )
    const { shown } = await started('gemini', ['-p', 'hi'], "env.GEMINI_CLI_HOME + '/.gemini/settings.json'", {
      HOME: home,
    })
    expect(shown.env.GOOGLE_GEMINI_BASE_URL).toMatch(URL_OF)
    expect(shown.env.GEMINI_API_KEY).toMatch(/^rvl_gemini_/)
    expect(shown.file).toEqual({ ui: { theme: 'a // b' }, security: { auth: { selectedType: 'gemini-api-key' } } })
    expect(shown.args).toEqual(['-p', 'hi'])
    const settled = emptyFolder()
    mkdirSync(join(settled, '.gemini'))
    writeFileSync(
      join(settled, '.gemini/settings.json'),
      '{ "security": { "auth": { "selectedType": "gemini-api-key" } } }',
    )
    const second = await started('gemini', [], undefined, { HOME: settled })
    expect(second.shown.env).not.toHaveProperty('GEMINI_CLI_HOME')
    // What the home leads to is still there when the home is gone.
    expect(readFileSync(join(home, '.gemini/GEMINI.md'), 'utf8')).toBe('Be short.')
  })
})

test('a request without the key of the agent is refused', async () => {
  const { env, cwd } = fakeAgent(
    'claude',
    `${ASKING}
    console.log((await ask('gpt-6-sol')).status, (await ask('gpt-6-sol', 'other')).status, (await fetch(url + '/v1/models')).status)`,
  )
  expect(await run(['launch', 'claude'], { env, cwd })).toMatchObject({ code: 0, out: '200 401 401\n' })
})

test('the exit code is that of the agent, and the files are gone when it has ended', async () => {
  const { env, cwd, tmp } = fakeAgent('claude', 'process.exit(7)')
  expect(await run(['launch', 'claude'], { env, cwd })).toMatchObject({
    code: 7,
    err: expect.stringMatching(/\nrivulet: Claude Code made no request\.\n$/) as string,
  })
  expect(readdirSync(tmp)).toEqual([])
})

test.each(['SIGINT', 'SIGHUP'] as const)(
  'a %s goes to the agent, which ends as it likes; the files are gone then',
  async (signal) => {
    const { env, cwd, tmp } = fakeAgent(
      'claude',
      `process.on('${signal}', () => { console.log('told'); process.exit(9) }); setInterval(() => {}, 1000); console.log('ready')`,
    )
    const { child, output, ended } = start(['launch', 'claude'], { env, cwd })
    await expect.poll(() => output.out).toBe('ready\n')
    child.kill(signal)
    expect(await ended).toBe(9)
    expect(output.out).toBe('ready\ntold\n')
    expect(readdirSync(tmp)).toEqual([])
  },
)

test('an agent that a signal has ended gives the exit code that a shell would', async () => {
  const { env, cwd } = fakeAgent('claude', `process.kill(process.pid, 'SIGKILL')`)
  expect(await run(['launch', 'claude'], { env, cwd })).toMatchObject({ code: 137 })
})

test('an agent that is not installed is exit code 2, with the command that installs it', async () => {
  const cwd = emptyFolder()
  const { code, err } = await run(['launch', 'gemini'], { env: { PATH: cwd, HOME: cwd, TMPDIR: cwd }, cwd })
  expect(err).toContain('rivulet: Gemini CLI is not installed: npm install --global @google/gemini-cli\n')
  expect(code).toBe(2)
  expect(readdirSync(cwd)).toEqual([])
})

test('a model that is not served is one with --model, a mistake; one that the agent asks is the usual one', async () => {
  const { env, cwd } = fakeAgent(
    'claude',
    `${ASKING}
    const answer = await ask('claude-small-20990101')
    console.log(answer.headers.get('x-rivulet-model'), (await answer.text()).includes('[DONE]'))`,
  )
  expect(await run(['launch', 'claude', '--model', 'gpt-6-astr'], { env, cwd })).toMatchObject({
    code: 2,
    err: expect.stringContaining('serves the model "gpt-6-astr". Did you mean "gpt-6-astra"?') as string,
  })
  const named = await run(['launch', 'claude', '--model', 'gpt-6-luna'], { env, cwd })
  expect(named.out).toBe('gpt-6-luna true\n')
})

test('all after -- is for the agent', async () => {
  const { shown } = await started('codex', ['--', '--help'])
  expect(shown.args.at(-1)).toBe('--help')
})

test('says what was asked, what broke, and what the agent was spared', async () => {
  const { sim, env: openai } = await openaiEndpoint()
  const other = await simulator()
  onTestFinished(() => other.close())
  const { env, cwd } = fakeAgent(
    'claude',
    `${ASKING}
    for (const model of ['coder', 'coder', 'nothing/here']) await (await ask(model)).text()`,
  )
  writeFileSync(
    join(cwd, 'rivulet.yaml'),
    `
providers:
  one: { type: openai, apiKey: a-key, baseUrl: "${sim.baseUrl('openai')}" }
  two: { type: openai, apiKey: a-key, baseUrl: "${other.baseUrl('openai')}" }
models: { coder: { members: [one/gpt-6-sol, two/gpt-6-sol] } }
hold: answer
`,
  )
  sim.fault('openai', { kind: 'reset-mid-stream', times: 1 })
  const { code, err } = await run(['launch', 'claude'], { env: { ...env, ...openai }, cwd })
  expect(err.split('\n').slice(1)).toEqual([
    'rivulet: Claude Code made 3 requests; asked: two/gpt-6-sol 3 ×, one/gpt-6-sol 1 ×.',
    expect.stringMatching(/^rivulet: At least [\d,]+ tokens in, [\d,]+ out; (?:cost unknown|at least \$[\d.]+)\.$/),
    'rivulet: 1 answer broke or never began: one truncated 1 ×.',
    'rivulet: Claude Code was spared 1 of them (1 begun anew): it did not have to ask again.',
    '',
  ])
  expect(code).toBe(0)
})
