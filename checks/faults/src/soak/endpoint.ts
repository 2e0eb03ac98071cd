/** Endpoints of a soak, in a process of their own, so that only their callers are measured. Ends with its parent. */

import { simulator } from '@rivulet/simulator'
import type { EndpointOptions } from './endpoint-process.ts'

const DIALECTS = ['lockchat', 'gravityengine', 'openai', 'openai-responses'] as const

// Written by endpoint-process.ts.
const { probability, ...options } = JSON.parse(process.argv[2] ?? '') as EndpointOptions
const sim = await simulator(options)
for (const dialect of DIALECTS) sim.fault(dialect, { kind: 'random', probability })
console.log(JSON.stringify(Object.fromEntries(DIALECTS.map((dialect) => [dialect, sim.baseUrl(dialect)]))))
process.stdin.resume()
process.stdin.once('end', () => {
  void sim.close()
})
