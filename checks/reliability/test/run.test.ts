import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { joined } from '../../../scripts/joined.ts'
import { GROUPS, type GroupName } from '../src/groups.ts'
import { report } from '../src/report.ts'
import { run, type RunOptions } from '../src/run.ts'

// Hundreds of answers from a slow member: seconds on a quiet machine, more on a busy one.
vi.setConfig({ testTimeout: 240_000 })

const options = (more: Partial<RunOptions>): RunOptions => ({
  requests: 40,
  onBreak: 'restart',
  group: 'failover',
  atOnce: 100,
  seed: 1,
  ratio: 0.5,
  signal: AbortSignal.timeout(200_000),
  onAnswer: () => undefined,
  ...more,
})

describe.each([
  ['restart', 1],
  ['continue', 2],
] as const)("onBreak '%s', over real sockets", (onBreak, seed) => {
  it('every answer is whole with a dead, a failing and a slow member', async () => {
    const tally = await run(options({ onBreak, seed, requests: 200 }))
    expect(tally.examples).toEqual([])
    expect(tally).toMatchObject({ answers: 200, whole: 200 - tally.withoutEnd, isRight: true })
    // Where only the end is missing, a whole answer can be had anew, and a rest can't.
    expect(tally.withoutEnd).toBeLessThan(onBreak === 'continue' ? 20 : 1)
    // The run was hard enough: members failed before and after their first content, in many ways.
    const failing = tally.members.get('failing')
    expect(failing?.before).toBeGreaterThan(15)
    expect(failing?.after).toBeGreaterThan(15)
    expect(tally.strikes.size).toBeGreaterThan(25)
    // Each break is one event, also for a reader that uses collect().
    expect(tally.seen).toEqual(
      onBreak === 'restart'
        ? { restart: failing?.after, resume: 0 }
        : { restart: 0, resume: (failing?.after ?? 0) - tally.withoutEnd },
    )
    expect(tally.attempts).toBeLessThanOrEqual(3 * 200)
  })

  const others = (Object.keys(GROUPS) as GroupName[]).filter((name) => name !== 'failover' && name !== 'alone')
  it.each(others)('every answer is whole in the group "%s"', async (group) => {
    const tally = await run(options({ onBreak, group }))
    expect(tally.examples).toEqual([])
    expect(tally.isRight).toBe(true)
  })
})

it('an answer that breaks again and again is continued again and again', async () => {
  // Few at once: on a busy machine, many would wait for their first content for longer than a member may take.
  const tally = await run(options({ onBreak: 'continue', group: 'twice', ratio: 1, atOnce: 5 }))
  expect(tally.examples).toEqual([])
  expect(tally.isRight).toBe(true)
  expect(tally.members.get('failing-too')?.after).toBeGreaterThan(10)
})

describe('a run can be wrong', () => {
  it('when no member follows the failing one: lost answers are counted, and their readers got an error', async () => {
    const tally = await run(options({ group: 'alone' }))
    expect(tally.isRight).toBe(false)
    expect(tally.whole + tally.wrong.failed).toBe(40)
    expect(tally.wrong).toMatchObject({ short: 0, doubled: 0, mixed: 0 })
    expect(report(options({ group: 'alone' }), tally, 1)).toContain('NOT every answer is whole')
  })

  it('when its time is up', async () => {
    const tally = await run(options({ signal: AbortSignal.abort(new Error('enough')) }))
    expect(tally).toMatchObject({ answers: 40, whole: 0, wrong: { failed: 40 }, isRight: false })
  })
})

describe('the command', () => {
  const main = joined(join(import.meta.dirname, '../src/main.ts'))
  const command = async (...args: string[]) =>
    promisify(execFile)(process.execPath, [await main, ...args]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    )

  it('prints a table, and ends by itself', async () => {
    const { code, stdout } = await command('--requests', '30', '--on-break', 'continue')
    expect(code).toBe(0)
    expect(stdout).toContain('complete              30 of 30')
    expect(stdout).toContain('every answer is whole')
  })

  it('exits with 1 when an answer is lost', async () => {
    const { code, stdout } = await command('--requests', '30', '--group', 'alone', '--on-break', 'restart')
    expect(code).toBe(1)
    expect(stdout).toContain('NOT every answer is whole')
  })

  it.each([
    [['--requests', 'many'], /--requests must be a whole number above 0/],
    [['--on-break', 'fail'], /--on-break must be restart or continue/],
    [['--group', 'none'], /there is no "none"/],
    [['--nonsense'], /nonsense/],
  ])('exits with 2 for a wrong command line (%#)', async (args, words) => {
    const { code, stderr } = await command(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(words)
  })
})
