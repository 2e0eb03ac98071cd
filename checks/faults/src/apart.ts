/** The matrix with each provider in a process of its own, one for each core: most of the laws are work and not waiting. */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Finding, MatrixOptions } from './matrix.ts'

/** What the process of a provider is told, as JSON in its first argument. */
export interface Order extends Pick<MatrixOptions, 'row' | 'quick'> {
  id: string
}

/**
 * The findings of all providers in their order; `onFinding` gets each at once. Rejects when a process fails, or ends before its
 * findings are complete.
 */
export async function matrixApart(
  ids: readonly string[],
  options: Omit<Order, 'id'>,
  onFinding: (finding: Finding) => void,
): Promise<Finding[]> {
  const found = ids.map((): Finding[] => [])
  const waiting = ids.entries()
  const work = async (): Promise<void> => {
    for (const [at, id] of waiting) {
      await prove({ ...options, id }, (finding) => {
        found[at]?.push(finding)
        onFinding(finding)
      })
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return found.flat()
}

async function prove(order: Order, onFinding: (finding: Finding) => void): Promise<void> {
  const file = join(import.meta.dirname, 'one-provider.ts')
  const child = fork(file, [JSON.stringify(order)], { execArgv: ['--conditions=@rivulet/source'] })
  child.on('message', onFinding)
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (code !== 0) throw new Error(`${order.id}: its process ended with ${signal ?? code ?? ''}`)
}
