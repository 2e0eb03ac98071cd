/**
 * The laws of the workspace: dependency-cruiser, knip and size-limit, and a few facts about packages that none of them knows.
 * Prints a table of the packages. docs/decisions/keepers-tools.md says which tool checks what.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readPackages } from './check-architecture/packages.ts'
import { picture } from './check-architecture/picture.ts'
import { roomProblems } from './check-architecture/rooms.ts'
import { runTools } from './check-architecture/tools.ts'

const ROOT = join(import.meta.dirname, '..')
/** How often a package is imported for its median. */
const IMPORTS = 5

async function main(): Promise<boolean> {
  const packages = readPackages(ROOT)
  process.stdout.write(`${picture(packages)}\n\n`)
  const problems = packages.flatMap((pack) => roomProblems(ROOT, pack))
  const rooms = { name: 'READMEs, tests, manifests, length of files', ok: problems.length === 0, seconds: 0 }
  const outcomes = [...(await runTools(ROOT)), { ...rooms, output: problems.join('\n') }]
  for (const { name, ok, output, seconds } of outcomes) {
    process.stdout.write(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)\n`)
    if (output !== '') process.stdout.write(`${output.replaceAll(/^/gm, '    ')}\n`)
  }
  process.stdout.write(`    ${importTime('@rivulet/provider-openai-compatible')}\n`)
  return outcomes.every(({ ok }) => ok)
}

/** CPU time of importing a built package in a new process: the median of a few. Printed, not asserted. */
function importTime(name: string): string {
  const script = `const before = process.cpuUsage(); await import('${name}'); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000)`
  const run = (): number =>
    // From bench, which depends on every package.
    Number(spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: join(ROOT, 'bench') }).stdout)
  const figures = Array.from({ length: IMPORTS }, run).sort((a, b) => a - b)
  const median = figures[Math.floor(IMPORTS / 2)] ?? NaN
  return `import of ${name}: ${median.toFixed(0)} ms of CPU (its installed size: pnpm packed)`
}

process.exitCode = (await main()) ? 0 : 1
