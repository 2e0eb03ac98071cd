import type { SuiteName } from './args.ts'
import type { Bench } from './bench.ts'
import { type Course, race } from './race.ts'
import type { Result } from './result.ts'
import { climb } from './slope.ts'
import { choice } from './suites/choice.ts'
import { cold, page } from './suites/cold.ts'
import { decoder } from './suites/decoder.ts'
import { gateways } from './suites/gateway.ts'
import { scale } from './suites/scale.ts'
import { backlogged, crowd, dialects, paced, short, write } from './suites/streams.ts'

/** The results of a suite, each as soon as it is complete. */
export async function* run(suite: SuiteName, bench: Bench): AsyncGenerator<Result, undefined> {
  if (suite === 'cold') {
    yield await cold(bench)
    yield await page(bench)
  } else if (suite === 'scale') for (const each of scale(bench)) yield await climb(bench, each)
  else if (suite === 'choice') yield await choice(bench)
  else if (suite === 'decoder') yield await decoder(bench)
  else if (suite === 'gateway') yield* gateways(bench)
  else for (const course of coursesOf(suite, bench)) yield await race(bench, course)
}

/** The races of a suite, which can be profiled. */
export function coursesOf(suite: SuiteName, bench: Bench): Course[] {
  switch (suite) {
    case 'backlogged':
      return [backlogged(bench)]
    case 'paced':
      return paced(bench)
    case 'short':
      return [short(bench)]
    case 'crowd':
      return crowd(bench)
    case 'dialects':
      return dialects(bench)
    case 'write':
      return write(bench)
    case 'scale':
    case 'choice':
    case 'cold':
    case 'decoder':
    case 'gateway':
      return []
  }
}
