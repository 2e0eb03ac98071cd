import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bench } from '../bench.ts'
import { median } from '../figures.ts'
import type { Race } from '../result.ts'

const MEMBERS = 10_000

/** The router's own measurement, in a process of its own: its policies are internal. */
const SCRIPT = fileURLToPath(new URL('../../../packages/router/bench/choice.ts', import.meta.url))

/** The cost of choosing a member. */
export async function choice(bench: Bench): Promise<Race> {
  bench.progress(`The choice among ${MEMBERS} members`)
  const args = ['--conditions=@rivulet/source', '--no-warnings', SCRIPT, String(MEMBERS)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  // Printed by choice.ts.
  const policies = JSON.parse(stdout) as { name: string; figures: number[] }[]
  return {
    kind: 'race',
    suite: 'choice',
    id: 'choice',
    title: `The choice among ${MEMBERS.toLocaleString('en-US')} members`,
    about:
      'By each policy of a group: the choice of a member, the record of its result, and the next choice after a failure.',
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
