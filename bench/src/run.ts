/**
 * The cost of a stream, side by side. How it avoids fooling itself: the source and every contender run in processes of their own;
 * the figure is a contender's CPU time, not the clock; contenders take turns, so that a slow minute of the machine affects all;
 * warm-up rounds are not counted; every round must have read the same text; nothing calls `gc()`, which discards compiled
 * code; medians are printed with their spread, and everything as a ratio to the floor of the same round.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Args, HELP, readArgs, SUITES } from './args.ts'
import type { Bench } from './bench.ts'
import { build } from './build.ts'
import { installCompetitors } from './competitors.ts'
import { thisMachine } from './machine.ts'
import { openSource } from './open-source.ts'
import { profile } from './race.ts'
import { writePages } from './report/page.ts'
import { profileTable, terminal } from './report/terminal.ts'
import type { Result } from './result.ts'
import { coursesOf, run } from './suites.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

async function main(args: Args): Promise<void> {
  progress('Building the packages')
  if (!args.sources && args.profile === undefined) await build()
  if (args.competitors && args.profile === undefined) await installCompetitors()
  const began = performance.now()
  const source = await openSource()
  const suites = args.only.length > 0 ? args.only : SUITES
  const bench: Bench = {
    quick: args.quick,
    competitors: args.competitors,
    explain: args.write,
    execArgv: args.sources ? ['--conditions=@rivulet/source'] : [],
    urlOf: (answer, mode, chunks) => `${source.origin}/${answer}/${mode}/${chunks}`,
    progress,
  }
  try {
    if (args.profile !== undefined) {
      await profiles(args.profile, bench, suites)
      return
    }
    const results: Result[] = []
    for (const suite of suites) {
      for await (const result of run(suite, bench)) {
        results.push(result)
        say(terminal(result))
      }
    }
    const machine = thisMachine()
    if (args.json !== undefined) {
      await writeFile(args.json, `${JSON.stringify({ machine, quick: args.quick, results }, null, 2)}\n`)
    }
    if (args.write) await writePages(join(ROOT, 'docs'), { machine, quick: args.quick, results })
    const seconds = Math.round((performance.now() - began) / 1000)
    say(`\n${seconds} s${args.write ? ', its page in docs is written' : ''}\n`)
    if (args.quick) say('Few rounds: a figure near its target may fall on either side of it.\n')
  } finally {
    progress('')
    source.close()
  }
}

async function profiles(folder: string, bench: Bench, suites: readonly (typeof SUITES)[number][]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const suite of suites) {
    for (const course of coursesOf(suite, bench)) {
      say(`\n${course.title}\n`)
      // With the floor's profile, to see by comparison what ours does beyond it.
      for (const which of [course.floor, undefined]) {
        const file = resolve(folder, `${which === undefined ? '' : 'floor-'}${course.id}.cpuprofile`)
        say(`${profileTable(await profile(bench, course, file, which))}  ${file}\n`)
      }
    }
  }
}

/** One progress line, on a terminal only; on standard error, to keep it out of files. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text.slice(0, process.stderr.columns - 1)}`)
}

function say(text: string): void {
  progress('')
  process.stdout.write(text)
}

try {
  const args = readArgs(process.argv.slice(2))
  if (args.help) process.stdout.write(HELP)
  else await main(args)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
