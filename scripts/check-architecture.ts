import { join } from 'node:path'
import { importProblems } from './check-architecture/imports.ts'
import { sizeProblems } from './check-architecture/limits.ts'
import { type Measure, measure } from './check-architecture/measure.ts'
import { picture } from './check-architecture/picture.ts'
import { roomProblems } from './check-architecture/rooms.ts'
import { readWorkspace } from './check-architecture/workspace.ts'

export interface Shape {
  packages: Measure[]
  /** One line each: where, what is wrong, what to do. */
  problems: string[]
}

/** Measures the workspace under `root` and holds it to the laws of docs/architecture.md. */
export async function shape(root: string): Promise<Shape> {
  const workspace = readWorkspace(root)
  const packages = await measure(workspace)
  return {
    packages,
    problems: [...roomProblems(workspace), ...importProblems(workspace), ...sizeProblems(packages)],
  }
}

if (import.meta.main) {
  const found = await shape(join(import.meta.dirname, '..'))
  console.log(
    process.argv.includes('--json') ? JSON.stringify(found, null, 2) : picture(found.packages, found.problems),
  )
  if (found.problems.length > 0) process.exitCode = 1
}
