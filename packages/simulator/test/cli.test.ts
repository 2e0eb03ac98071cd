import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { cliOptions } from '../src/cli-options.ts'
import { faultTable } from '../src/index.ts'

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const children = new Set<ChildProcess>()
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

function run(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  const output = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => (output.out += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (output.err += bytes.toString()))
  return { child, output, ended: once(child, 'close') }
}

test('the CLI prints its URL, serves requests and exits cleanly on Ctrl-C', async () => {
  const { child, output, ended } = run(
    '--port',
    '0',
    '--pace',
    'instant',
    '--fault',
    'lockchat=truncate',
    '--fault',
    'liaobots={"kind":"status","status":503}',
  )
  await expect.poll(() => output.out).toContain('Press Ctrl-C to stop.')
  const url = /on (http:\/\/127\.0\.0\.1:\d+)/.exec(output.out)?.[1] ?? ''
  expect(output.out).toContain(`${url}/lockchat`)
  expect(output.out).toContain(`curl -X PUT ${url}/_simulator/faults/lockchat`)
  const state = await (await fetch(`${url}/_simulator`)).json()
  expect(state).toMatchObject({
    dialects: [{ fault: null }, { fault: { status: 503 } }, { fault: { kind: 'truncate' } }, {}, {}, {}, {}, {}],
  })
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(output.out.endsWith('Stopped.\n')).toBe(true)
  expect(output.err).toBe('')
})

test('--help lists the flags and every fault', async () => {
  const { output, ended } = run('--help')
  expect(await ended).toEqual([0, null])
  expect(output.out).toContain('--fault <dialect>=<kind>')
  expect(output.out).toContain('stall-before-headers')
})

test('--faults prints every kind with its options', async () => {
  const { output, ended } = run('--faults')
  expect(await ended).toEqual([0, null])
  expect(output.out).toBe(faultTable())
})

test('an invalid command line prints one line of error and exits with 1', async () => {
  const { output, ended } = run('--prot', '1')
  expect(await ended).toEqual([1, null])
  expect(output).toEqual({ out: '', err: 'rivulet-simulator: Unknown flag "--prot"; did you mean "--port"?\n' })
})

test.each([
  [['--prot', '1'], 'Unknown flag "--prot"; did you mean "--port"?'],
  [['--port', 'x'], '--port must be a whole number; got "x"'],
  [['--pace', 'fast'], '--pace must be natural, instant or two numbers'],
  [['--fault', 'lockchat'], '--fault must be <dialect>=<kind>'],
  [['--fault', 'lockchat=trunc'], 'did you mean "truncate"?'],
  [['serve'], '"serve" is not a flag; see --help'],
])('%j is an error that suggests a correction', (args, message) => {
  expect(() => cliOptions(args)).toThrow(message)
})
