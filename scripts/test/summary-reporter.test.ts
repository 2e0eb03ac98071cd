import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const reporter = join(root, 'scripts/summary-reporter.ts')

// Inside node_modules, so that `import 'vitest'` resolves from the files written here.
const cache = join(root, 'node_modules/.cache')
let folder = ''

/** A folder of one run. */
function open(): void {
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, 'summary-'))
}

function close(): void {
  rmSync(folder, { recursive: true, force: true })
}

interface Run {
  lines: string[]
  last: string | undefined
  status: number | null
}

/** Runs vitest as its own process on test files with these bodies. */
function run(bodies: Record<string, string>, ...flags: string[]): Run {
  const config = { test: { include: ['*.case.ts'], reporters: ['default', reporter] } }
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}`)
  for (const [name, body] of Object.entries(bodies)) {
    const head = `import { afterAll, beforeAll, describe, test } from 'vitest'\n`
    writeFileSync(join(folder, `${name}.case.ts`), head + body)
  }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const { stdout, status } = spawnSync(process.execPath, [vitest, 'run', '--root', folder, ...flags], {
    encoding: 'utf8',
    env: { PATH, NODE_COMPILE_CACHE, CI: 'true', NO_COLOR: '1' },
  })
  const lines = stdout.trimEnd().split('\n')
  return { lines, last: lines.at(-1), status }
}

describe('of a run in which nothing fails', () => {
  let ended: Run
  const flaky = `let tries = 0; test('a', { retry: 1 }, () => { if (tries++ === 0) throw new Error('boom') }); test('b', () => {})`
  const skips = `
      test('a', () => {})
      test('b: the endpoint has no tools', { skip: true }, () => {})
      test('c', { todo: true }, () => {})
      test('d', ({ skip }) => { skip('no Chromium here') })`

  beforeAll(() => {
    open()
    ended = run({ good: `test('a', () => {}); test('b', () => {})`, flaky, skips })
    close()
  })

  test('counts what passed, and the process succeeds', () => {
    const { last, status } = ended
    expect({ last, status }).toEqual({ last: '5 passed, 0 failed, 3 skipped', status: 0 })
  })

  test('names a test that passed only on a retry, just before the line', () => {
    expect(ended.lines.filter((line) => line.startsWith('passed only'))).toEqual(['passed only on a retry: a'])
    expect(ended.lines.at(-2)).toBe('passed only on a retry: a')
  })

  test('names every skipped test with its reason', () => {
    expect(ended.lines.slice(-5, -2)).toEqual([
      'skipped: b: the endpoint has no tools',
      'skipped: c (todo)',
      'skipped: d (no Chromium here)',
    ])
    expect(ended.lines.filter((line) => line.startsWith('skipped: '))).toHaveLength(3)
  })
})

describe('the summary line', () => {
  beforeEach(open)
  afterEach(close)

  test('counts a failing test as failed, and an expected failure as passed', () => {
    const body = `const boom = () => { throw new Error('boom') }; test('a', boom); test('b', { fails: true }, boom)`
    const { last, status } = run({ failing: body })
    expect({ last, status }).toEqual({ last: '1 passed, 1 failed, 0 skipped', status: 1 })
  })

  test('counts a module that does not load as failed', () => {
    const { last, status } = run({ good: `test('a', () => {})`, broken: `import './missing.ts'` })
    expect({ last, status }).toEqual({ last: '1 passed, 1 failed, 0 skipped', status: 1 })
  })

  test('counts a suite whose beforeAll throws as failed, and gives the reason that its tests did not run', () => {
    const body = `
      describe('suite', () => {
        beforeAll(() => { throw new Error('hook') })
        test('a', () => {})
      })
      test('b', () => {})`
    const { lines, last, status } = run({ hook: body })
    expect({ last, status }).toEqual({ last: '1 passed, 1 failed, 1 skipped', status: 1 })
    expect(lines).toContain('skipped: suite > a (a hook of its suite failed)')
  })

  test('counts a module whose afterAll throws as failed', () => {
    const { last, status } = run({ hook: `afterAll(() => { throw new Error('hook') }); test('a', () => {})` })
    expect({ last, status }).toEqual({ last: '1 passed, 1 failed, 0 skipped', status: 1 })
  })

  test('counts an unhandled rejection as failed', () => {
    const body = `test('a', async () => {
      void Promise.reject(new Error('unhandled'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    })`
    const { last, status } = run({ rejection: body })
    expect({ last, status }).toEqual({ last: '1 passed, 1 failed, 0 skipped', status: 1 })
  })

  test('counts tests that --bail left out as failed', () => {
    const { last, status } = run({ bail: `test('a', () => { throw new Error() }); test('b', () => {})` }, '--bail=1')
    expect({ last, status }).toEqual({ last: '0 passed, 2 failed, 0 skipped', status: 1 })
  })

  test('a long list of skipped tests is shortened', () => {
    const body = `
      test('a', () => {})
      for (let i = 0; i < 25; i++) test('s' + i, { skip: true }, () => {})`
    const { lines } = run({ skips: body })
    expect(lines.slice(-2)).toEqual(['skipped: and 5 more', '1 passed, 0 failed, 25 skipped'])
  })

  test.for([['no file'], ['no file, although vitest accepts that', '--passWithNoTests']])(
    'a run without a test fails: %s',
    ([, ...flags]) => {
      const { last, status } = run({}, ...flags)
      expect({ last, status }).toEqual({ last: '0 passed, 1 failed, 0 skipped', status: 1 })
    },
  )

  test('a run that exits early fails', () => {
    // A reporter is code in vitest's own process, where a crash would happen.
    writeFileSync(join(folder, 'crash.mjs'), `export default class { onTestRunStart() { process.exit(0) } }`)
    const { last, status } = run(
      { good: `test('a', () => {})` },
      '--reporter',
      reporter,
      '--reporter',
      join(folder, 'crash.mjs'),
    )
    expect({ last, status }).toEqual({ last: '0 passed, 1 failed, 0 skipped', status: 1 })
  })
})
