import { writeSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** The most test names that a list prints before "and N more". */
const NAMED = 20

interface Counts {
  passed: number
  failed: number
  skipped: number
}

/**
 * Prints `N passed, N failed, N skipped`, counted from the results, as the very last line of the process.
 *
 * What a summary by file hides counts as a failure here: a module that does not load, a suite whose hook throws,
 * an unhandled error, a test that did not finish, and a run without a single test. A test that passed only on a retry counts as
 * passed, and is named.
 */
export default class SummaryReporter implements Reporter {
  #modules = new Set<TestModule>()
  #unhandled: readonly SerializedError[] = []
  #ended = false
  #failed = false

  onInit(): void {
    // 'exit' is the last moment of the process: all other reporters have printed by now.
    process.once('exit', () => {
      this.#print()
    })
  }

  onTestRunStart(): void {
    this.#modules.clear()
    this.#unhandled = []
    this.#ended = false
    this.#failed = false
  }

  onTestModuleQueued(testModule: TestModule): void {
    this.#modules.add(testModule)
  }

  onTestRunEnd(testModules: readonly TestModule[], unhandled: readonly SerializedError[], reason: string): void {
    this.#modules = new Set(testModules)
    this.#unhandled = unhandled
    this.#ended = true
    this.#failed = reason === 'failed'
  }

  #print(): void {
    const counts: Counts = { passed: 0, failed: this.#unhandled.length, skipped: 0 }
    const skips: string[] = []
    const retried: string[] = []
    for (const testModule of this.#modules) {
      if (testModule.errors().length > 0) counts.failed++
      for (const suite of testModule.children.allSuites()) if (suite.errors().length > 0) counts.failed++
      for (const test of testModule.children.allTests()) {
        const state = outcome(test)
        counts[state]++
        if (state === 'skipped') skips.push(nameOfSkip(test))
        if (test.diagnostic()?.flaky === true) retried.push(test.fullName)
      }
    }
    // The run was cut short (a crash, `process.exit` in a hook), or vitest saw a failure that belongs to no test.
    if (!this.#ended || (this.#failed && counts.failed === 0)) counts.failed++
    if (counts.passed + counts.failed === 0) counts.failed = 1

    if (counts.failed > 0 && (process.exitCode ?? 0) === 0) process.exitCode = 1
    const lines = [...named('skipped', skips), ...named('passed only on a retry', retried)]
    lines.push(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
    writeAll(`${lines.join('\n')}\n`)
  }
}

function named(what: string, names: readonly string[]): string[] {
  const lines = names.slice(0, NAMED).map((name) => `${what}: ${name}`)
  if (names.length > NAMED) lines.push(`${what}: and ${names.length - NAMED} more`)
  return lines
}

function outcome(test: TestCase): keyof Counts {
  const { state } = test.result()
  return state === 'pending' ? 'failed' : state
}

function nameOfSkip(test: TestCase): string {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  const reason =
    note ?? (test.options.mode === 'todo' ? 'todo' : hookFailedAbove(test) ? 'a hook of its suite failed' : '')
  return reason === '' ? test.fullName : `${test.fullName} (${reason})`
}

function hookFailedAbove(test: TestCase): boolean {
  let above = test.parent
  while (above.type === 'suite' && above.errors().length === 0) above = above.parent
  return above.errors().length > 0
}

/** On a pipe with a slow reader, `writeSync` throws EAGAIN or writes only a part: repeat until everything is written. */
function writeAll(text: string): void {
  let rest = Buffer.from(text)
  for (let tries = 0; rest.length > 0 && tries < 500; tries++) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}
