import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bench } from '../bench.ts'
import { median } from '../figures.ts'
import type { Race } from '../result.ts'

const MEMBERS = 10_000

/** The router's own measurement, in a process of its own: its policies are nobody else's business. */
const SCRIPT = fileURLToPath(new URL('../../../checks/routing/overhead/choice.ts', import.meta.url))

/** What it costs to choose who is asked. */
export async function choice(bench: Bench): Promise<Race> {
  bench.progress(`The choice among ${MEMBERS} members`)
  const args = ['--conditions=@rivulet/source', '--no-warnings', SCRIPT, String(MEMBERS)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  // What choice.ts prints.
  const policies = JSON.parse(stdout) as { name: string; figures: number[] }[]
  return {
    kind: 'race',
    suite: 'choice',
    id: 'choice',
    title: `The choice among ${MEMBERS.toLocaleString('en-US')} members`,
    about: 'Of a group, by each policy: who is asked, what is remembered of it, and who is asked when that one failed.',
    unit: 'µs/choice',
    versus: '',
    rows: policies.map(({ name, figures }) => ({
      label: `rivulet, ${name}`,
      kind: 'ours',
      isFloor: false,
      median: median(figures),
      min: Math.min(...figures),
      max: Math.max(...figures),
      target: { value: 2 },
    })),
  }
}
