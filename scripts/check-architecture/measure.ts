import { type Floor, depthOf, floorOf, isBeside } from './floors.ts'
import { gzippedSize } from './size.ts'
import type { Package, Workspace } from './workspace.ts'

/** What is said of one package in the picture. Only `src` is counted. */
export interface Measure {
  name: string
  folder: string
  floor: Floor | 'none'
  files: number
  lines: number
  longest: { file: string; lines: number } | null
  anys: number
  assertions: number
  /** What a browser loads first, minified and gzipped, with its workspace dependencies; null when not built. */
  gzippedBytes: number | null
  /** The same, with all that may be loaded later. */
  gzippedBytesInAll: number | null
}

/** In import order: each package after those it may import; what stands beside the house comes last. */
export async function measure(workspace: Workspace): Promise<Measure[]> {
  const measures: Measure[] = []
  const order = workspace.packages.toSorted((a, b) => rank(a) - rank(b) || a.folder.localeCompare(b.folder))
  for (const pack of order) {
    const size = await gzippedSize(workspace, pack)
    const [longest] = pack.src.toSorted((a, b) => b.lines - a.lines)
    measures.push({
      name: pack.name,
      folder: pack.folder,
      floor: floorOf(pack) ?? 'none',
      files: pack.src.length,
      lines: total(pack.src.map((source) => source.lines)),
      longest:
        longest === undefined ? null : { file: longest.path.slice(`${pack.folder}/src/`.length), lines: longest.lines },
      anys: total(pack.src.map((source) => source.anys)),
      assertions: total(pack.src.map((source) => source.assertions)),
      gzippedBytes: size?.first ?? null,
      gzippedBytesInAll: size?.all ?? null,
    })
  }
  return measures
}

function rank(pack: Package): number {
  const floor = floorOf(pack)
  if (floor === undefined) return 200
  return depthOf(floor) + (isBeside(floor) ? 100 : 0)
}

function total(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
