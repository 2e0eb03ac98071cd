import { spawnSync } from 'node:child_process'
import { runCommand } from '@rivulet/cli'
import { gateway } from '@rivulet/gateway'
import { describe, expect, test, vi } from 'vitest'
import { configuredRiver } from '../src/config/configured-river.ts'
import { readConfig } from '../src/config/read-config.ts'
import { configSchema } from '../src/config/schema.ts'
import { run } from './support/run.ts'

/** What a command line prints that needs nothing but itself, and its exit code. */
async function said(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const output = { out: '', err: '' }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (output.out += String(text)) !== '')
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => (output.err += String(text)) !== '')
  try {
    return { code: await runCommand(args), ...output }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

test('--help names every command, option and exit code', async () => {
  const { code, out } = await said(['--help'])
  for (const word of ['models', 'doctor', '--model', '--system', '--json', '--usage', '130 interrupted']) {
    expect(out).toContain(word)
  }
  expect(code).toBe(0)
})

test('the help is there at once: nothing of the library is loaded for it', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const urls = []
    registerHooks({ resolve: (name, context, next) => { const found = next(name, context); urls.push(found.url); return found } })
    const { runCommand } = await import('@rivulet/cli')
    await runCommand(['--help'])
    process.stderr.write(urls.filter((url) => url.includes('/packages/') && !url.includes('/packages/cli/')).join())`
  const args = ['--conditions=@rivulet/source', '--input-type=module', '--eval', script]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' })
  expect(stdout).toContain('Usage: rivulet')
  expect(stderr).toBe('')
})

test('help is no question, and shows a command', async () => {
  expect(await said(['help'])).toEqual(await said(['--help']))
  const { code, out } = await said(['help', 'serve'])
  expect(out).toContain('--hold <mode>')
  const { enum: levels = [] } = configSchema().properties?.log ?? {}
  expect(out.replaceAll(/\s+/g, ' ')).toContain(`(choices: ${levels.map((level) => `"${level}"`).join(', ')})`)
  expect(code).toBe(0)
})

test('--version prints the version', async () => {
  expect(await said(['-V'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string })
})

describe('a wrong command line is exit code 2, said in one line with a suggestion', () => {
  test.each([
    [['--jsno', 'hi'], `rivulet: unknown option '--jsno'. Did you mean --json? See --help.\n`],
    [['-m'], `rivulet: option '-m, --model <name>' argument missing. See --help.\n`],
    [['modles'], 'rivulet: "modles" is not a command. Did you mean "models"?\n'],
  ])('%j', async (args, err) => {
    expect(await said(args)).toEqual({ code: 2, out: '', err })
  })
})

test('no question at all is exit code 2, with an example', async () => {
  const { code, err } = await run([], { input: ' \n' })
  expect(err).toBe('rivulet: Ask something, as in rivulet "Why is the sky blue?". See rivulet --help.\n')
  expect(code).toBe(2)
})

test('key makes a key, and the entry that lets it in', async () => {
  const { code, out } = await said(['key', 'build'])
  expect(code).toBe(0)
  const [, key = ''] = /^# .*: (rvl_build_\S+)$/m.exec(out) ?? []
  const { config } = readConfig(`providers: { ollama: }\n${out}`, 'rivulet.yaml', () => undefined)
  const { fetch } = gateway(configuredRiver(readConfig('providers: { ollama: }', '', () => undefined)), {
    keys: config.keys ?? [],
  })
  const statusWith = async (credential: string): Promise<number> =>
    (await fetch('http://gateway.local/v1/models', { headers: { 'x-api-key': credential } })).status
  expect(await statusWith(key)).toBe(200)
  expect(await statusWith(`${key}x`)).toBe(401)
  expect(await said(['key', 'no id'])).toMatchObject({ code: 2, out: '' })
})
