/** The endpoint of a soak, in a process of its own, so that only its callers are measured. Ends with its parent. */

import { simulator } from '@rivulet/simulator'

const DIALECTS = ['lockchat', 'gravityengine', 'openai', 'openai-responses'] as const

const [probability = '0.5', seed = '1'] = process.argv.slice(2)
const sim = await simulator({ seed: Number(seed), pace: 'instant' })
for (const dialect of DIALECTS) sim.fault(dialect, { kind: 'random', probability: Number(probability) })
console.log(JSON.stringify(Object.fromEntries(DIALECTS.map((dialect) => [dialect, sim.baseUrl(dialect)]))))
process.stdin.resume()
process.stdin.once('end', () => {
  void sim.close()
})
