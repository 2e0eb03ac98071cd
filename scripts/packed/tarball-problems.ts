import {
  type CheckResult,
  checkPackage,
  createPackageFromTarballData,
  type ResolutionKind,
} from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** A package is ESM alone, for resolvers that read `exports`. */
const IGNORED: readonly ResolutionKind[] = ['node10', 'node16-cjs']

/**
 * What is wrong with a packed package, one line each: publint reads its manifest and files, and `attw` resolves its types as each
 * resolver does. Both as libraries: a process for each package would load TypeScript 21 times.
 */
export async function tarballProblems(tarball: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.slice().buffer }, strict: true })
  const types = await checkPackage(createPackageFromTarballData(tarball))
  return [
    ...messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code),
    ...typeProblems(types),
  ]
}

function typeProblems(result: CheckResult): string[] {
  if (result.types === false) return ['has no types']
  return result.problems
    .filter((problem) => !('resolutionKind' in problem && IGNORED.includes(problem.resolutionKind)))
    .map((problem) => `types: ${JSON.stringify(problem)}`)
}
