import type { Measure } from './measure.ts'

/**
 * How large a package may be, in bytes, minified and gzipped: what a page loads before it can ask (`first`), and everything
 * that may be loaded in all (`all`), so that nothing gets smaller by being put off. docs/decisions/bundle-size.md says what
 * these bytes are.
 */
const LIMITS: Readonly<Record<string, { first: number; all: number }>> = {
  '@rivulet/provider-openai-compatible': { first: 9_000, all: 23_000 },
}

/** Packages over their limit. What is not built is not judged: the picture says so. */
export function sizeProblems(measures: readonly Measure[]): string[] {
  return measures.flatMap(({ name, folder, gzippedBytes, gzippedBytesInAll }) => {
    const limit = LIMITS[name]
    if (limit === undefined || gzippedBytes === null || gzippedBytesInAll === null) return []
    return [
      ...over(`${folder}: a page loads`, 'first', gzippedBytes, limit.first),
      ...over(`${folder}: a page may load`, 'in all', gzippedBytesInAll, limit.all),
    ]
  })
}

function over(where: string, what: string, bytes: number, limit: number): string[] {
  if (bytes <= limit) return []
  return [
    `${where} ${bytes} bytes ${what}, ${limit} at most: see what grew, or change scripts/check-architecture/limits.ts and say why`,
  ]
}

/** The limits that hold, beside what is. */
export function sizeLimits(measures: readonly Measure[]): string[] {
  return measures.flatMap(({ name, gzippedBytes, gzippedBytesInAll }) => {
    const limit = LIMITS[name]
    if (limit === undefined || gzippedBytes === null) return []
    return [`${name}: ${gzippedBytes} bytes first of ${limit.first}, ${gzippedBytesInAll} in all of ${limit.all}`]
  })
}
