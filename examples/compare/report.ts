import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DialectId, simulator } from '@rivulet/simulator'
import { type Count, count } from './count.ts'
import { page } from './page.ts'
import { TASKS } from './tasks.ts'

/** Each library with the API of OpenAI's that it speaks in these programs. It reads its variables as its documentation says. */
const LIBRARIES: readonly { name: string; dialect: (task: string) => DialectId }[] = [
  { name: 'rivulet', dialect: () => 'openai' },
  { name: 'ai', dialect: () => 'openai-responses' },
  // Its helpers for tools and for a page are those of chat completions.
  { name: 'openai', dialect: (task) => (['tools', 'page'].includes(task) ? 'openai' : 'openai-responses') },
]

const PAGE = join(import.meta.dirname, '../../docs/compare.md')
const problems: string[] = []
/** By task, in the order of the libraries. */
const counts = new Map<string, Count[]>()

await using sim = await simulator()
// The vendor's own client has no other provider: see failover/openai.ts.
await using backup = await simulator()
for (const { name, dialect } of LIBRARIES) {
  for (const { folder, run } of TASKS) {
    const path = `./${folder}/${name}.ts`
    Object.assign(process.env, {
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: sim.baseUrl(dialect(folder)),
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_BASE_URL: name === 'ai' ? `${sim.baseUrl('anthropic')}/v1` : sim.baseUrl('anthropic'),
      BACKUP_API_KEY: 'key',
      BACKUP_BASE_URL: backup.baseUrl('openai-responses'),
    })
    sim.clear()
    try {
      await run(() => import(path) as Promise<unknown>, sim)
    } catch (error) {
      problems.push(`${folder}/${name}.ts does not do its task: ${String(error)}`)
    }
    const one = count(readFileSync(join(import.meta.dirname, path), 'utf8'))
    counts.set(folder, [...(counts.get(folder) ?? []), one])
  }
}

for (const [folder, [ours, ...theirs]] of counts) {
  for (const what of ['lines', 'calls'] as const) {
    const shortest = Math.min(...theirs.map((each) => each[what]))
    if (ours !== undefined && ours[what] > shortest) {
      problems.push(`${folder}/rivulet.ts takes ${ours[what]} ${what}; the shortest of the others takes ${shortest}`)
    }
  }
}

// The type of an object is a part of its task.
const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc')
const types = spawnSync(tsc, ['-p', import.meta.dirname, '--pretty', 'false'], { encoding: 'utf8' })
if (types.status !== 0) problems.push(`types: ${types.stdout}${types.stderr}`)

const text = page(
  LIBRARIES.map(({ name }) => name),
  TASKS.map(({ folder, title }) => ({ folder, title, counts: counts.get(folder) ?? [] })),
)
process.stdout.write(text.slice(text.indexOf('| task'), text.indexOf('\n\n', text.indexOf('| task'))) + '\n\n')
if (!process.argv.includes('--check')) writeFileSync(PAGE, text)
else if (readFileSync(PAGE, 'utf8') !== text)
  problems.push('docs/compare.md is not what this run gives. Run pnpm compare.')

for (const problem of problems) process.stdout.write(`WRONG  ${problem}\n`)
process.stdout.write(`${TASKS.length * LIBRARIES.length} programs, ${problems.length} problems\n`)
if (problems.length > 0) process.exitCode = 1
