import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { joined } from '../../../scripts/joined.ts'
import { JSON_TYPE, question } from './harness.ts'

const MAIN = await joined(fileURLToPath(new URL('../src/main.ts', import.meta.url)))
const groups = new Set<number>()

afterEach(() => {
  for (const pid of groups) if (isAlive(pid)) process.kill(-pid, 'SIGKILL')
  groups.clear()
})

/** Runs the demo in a new process group, as a shell does, without the machine's environment. */
function run(args: string[], environment: Record<string, string> = {}, input?: string) {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, NO_COLOR: '1', ...environment }
  const child = spawn(process.execPath, [MAIN, ...args], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input)
  const pid = child.pid ?? 0
  groups.add(pid)
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text))
  return { child, output, ended: once(child, 'close'), signal: (name: NodeJS.Signals) => process.kill(-pid, name), pid }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
  }
}

test('--ask prints the answer to stdout, its provider to stderr, and exits', async () => {
  const { output, ended } = run(['--ask', 'Count to 20'])
  expect(await ended).toEqual([0, null])
  expect(output.out).toMatch(/^1, 2, 3, .*20\.\n$/)
  expect(output.err).toMatch(/^OpenAI \(simulated\) · gpt-6\.1-sol · first token [\d.]+ s · [\d.]+ s in total\n$/)
})

test('--ask puts the question after what is piped in', async () => {
  const { output, ended } = run(['--ask', 'echo both'], {}, 'a letter\n')
  expect(await ended).toEqual([0, null])
  expect(output.out).toContain('both')
  expect(output.out).toContain('a letter')
})

test('--ask accepts a provider and a model', async () => {
  const { output, ended } = run(['--ask', 'Count to 3', '--provider', 'gravityengine', '--model', 'gpt-3.5-turbo-0613'])
  expect(await ended).toEqual([0, null])
  expect(output.out).toBe('1, 2, 3.\n')
  expect(output.err).toContain('Gravityengine (simulated) · gpt-3.5-turbo-0613')
})

test('--help prints the help and exits', async () => {
  const { output, ended } = run(['--help'])
  expect(await ended).toEqual([0, null])
  expect(output.out).toContain('--ask <question>')
  expect(output.out).toContain('LIAOBOTS_AUTH')
  expect(output.err).toBe('')
})

test('an unknown flag is an error with a suggestion', async () => {
  const { output, ended } = run(['--aks', 'x'])
  expect(await ended).toEqual([2, null])
  expect(output).toEqual({ out: '', err: 'rivulet: Unknown flag "--aks". Did you mean "--ask"? See --help.\n' })
})

test('an unreachable provider prints one line and exits with 1', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const address = closed.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  closed.close()
  await once(closed, 'close')
  const { output, ended } = run(['--ask', 'hello'], { LOCKCHAT_BASE_URL: `http://127.0.0.1:${port}` })
  expect(await ended).toEqual([1, null])
  expect(output.out).toBe('')
  expect(output.err.trimEnd().split('\n')).toHaveLength(1)
  expect(output.err).toContain('lockchat')
  expect(output.err).toContain(`127.0.0.1:${port}`)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s in the middle of an answer exits with %i', async (name, code) => {
  const { child, output, ended, signal, pid } = run(['--ask', 'a long essay'])
  await once(child.stdout, 'data')
  signal(name)
  expect(await ended).toEqual([code, null])
  expect(output.err.trim()).toBe('')
  expect(isAlive(pid)).toBe(false)
})

test('a closed pipe ends the process without an error', async () => {
  const { child, output, ended } = run(['--ask', 'a long essay'])
  await once(child.stdout, 'data')
  child.stdout.destroy()
  expect(await ended).toEqual([0, null])
  expect(output.err).toBe('')
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'the page is served until %s, even in the middle of an answer',
  async (name) => {
    const { output, ended, signal, pid } = run(['--port', '0', '--no-open'])
    await expect.poll(() => output.out, { timeout: 10_000 }).toContain('Ctrl-C stops.')
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output.out)?.[0] ?? ''
    const lines = output.out.split('\n').filter((line) => line !== '')
    expect(lines).toEqual([
      expect.stringContaining(url),
      '  A simulator answers: no key is needed, and no answer is real. Ctrl-C stops.',
    ])
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
    const body = JSON.stringify(question('a long essay'))
    const reader = (await fetch(`${url}/api/chat`, { method: 'POST', headers: JSON_TYPE, body })).body?.getReader()
    await reader?.read()
    signal(name)
    expect(await ended).toEqual([0, null])
    expect(output.err).toContain('Nothing is left running.')
    expect(isAlive(pid)).toBe(false)
    await expect(fetch(url)).rejects.toThrow()
  },
)
