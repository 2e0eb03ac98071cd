/**
 * Does what somebody does who has never seen this repository, and prints how long each step takes: a fresh clone of what is
 * committed here, with an empty home, so that everything is downloaded. Fails when a step does.
 *
 *   pnpm newcomer          with an empty home
 *   pnpm newcomer --warm   with the packages that this machine has downloaded
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A chat over the installed tarballs, in which the first answer breaks. */
const PROGRAM = `
import { simulator } from '@rivulet/simulator'
import { rivulet } from 'rivulet'
const sim = await simulator()
process.env.OPENAI_API_KEY = 'key'
process.env.OPENAI_BASE_URL = sim.baseUrl('openai')
sim.fault('openai', { kind: 'truncate', times: 1 })
const { text } = await rivulet.fromEnv().complete('count to 5')
await sim[Symbol.asyncDispose]()
console.log(text)
if (text !== '1, 2, 3, 4, 5.') process.exitCode = 1
`

const root = join(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'rivulet-newcomer-'))
const clone = join(work, 'rivulet')
const project = join(work, 'project')
const env = environment(process.argv.includes('--warm') ? undefined : join(work, 'home'))
const pnpm = ['npx', '-y', 'pnpm@12']

try {
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(project, 'chat.mjs'), PROGRAM)
  const total = [
    step('git clone', ['git', 'clone', '--quiet', root, clone], work),
    step('start --ask, which installs', [...pnpm, 'start', '--ask', 'Why is the sky blue?']),
    step('every sample of the README', [...pnpm, 'exec', 'vitest', 'run', 'examples/test/readme.test.ts']),
    step('tarballs', [...pnpm, 'tarballs']),
    step('install them elsewhere', ['sh', '-c', `npm install --no-audit --no-fund ${clone}/tarballs/*.tgz`], project),
    step('chat there; a break is survived', [...pnpm, 'exec', 'node', join(project, 'chat.mjs')]),
    step('new-provider', [...pnpm, 'new-provider', 'acme', '--list']),
    step('install', [...pnpm, 'install', '--no-frozen-lockfile']),
    step('its laws, and the aggregator’s tests', [
      ...[...pnpm, 'exec', 'vitest', 'run'],
      ...['packages/provider-acme', 'packages/rivulet'],
    ]),
  ].reduce((sum, seconds) => sum + seconds, 0)
  print(total, 'in all')
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** Runs a step, prints its seconds, and returns them. @throws Error with the output of a step that fails. */
function step(name: string, [command = '', ...args]: readonly string[], cwd = clone): number {
  const start = performance.now()
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) {
    throw new Error(`${name} failed: ${[command, ...args].join(' ')}\n${stdout}${stderr}`, { cause: error })
  }
  const seconds = (performance.now() - start) / 1000
  print(seconds, name)
  return seconds
}

function print(seconds: number, name: string): void {
  process.stdout.write(`${seconds.toFixed(1).padStart(7)} s  ${name}\n`)
}

/**
 * This one without what a package manager has set for this program, its Node among it, and without keys: with them, real providers
 * would answer.
 */
function environment(home: string | undefined): NodeJS.ProcessEnv {
  const ours = /^(npm_(lifecycle|package|command|execpath|node_execpath)|pnpm_|XDG_|INIT_CWD$|NODE$|NODE_(ENV|PATH)$)/
  const keys = /_(API_KEY|AUTH|BASE_URL)$/
  const own = Object.entries(process.env).filter(([name]) => !ours.test(name) && !keys.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  if (home !== undefined) mkdirSync(home)
  return { ...Object.fromEntries(own), PATH: path.join(delimiter), ...(home !== undefined && { HOME: home }) }
}
