import type { Package } from './packages.ts'

/** The depth of a package in the import order, by the first name that matches. */
const DEPTHS: readonly [RegExp, number][] = [
  [/^packages\/protocol-/, 1],
  [/^packages\/provider-/, 2],
  [/^packages\/(router|ai-sdk)$/, 3],
  [/^packages\/rivulet$/, 4],
  [/^packages\/gateway$/, 5],
  [/^packages\/cli$/, 6],
  // Used by tests, checks, bench and apps only.
  [/^packages\/(testkit|simulator)$/, 7],
  [/^(apps|checks|bench)/, 8],
]
const INDENTED = 6
const FILE_LETTERS = 32

/** A table of the packages in import order: how many files and lines, and the longest file. */
export function picture(packages: readonly Package[]): string {
  const rows = packages
    .toSorted((a, b) => depthOf(a) - depthOf(b) || a.folder.localeCompare(b.folder))
    .map((pack) => {
      const { folder, files } = pack
      const depth = depthOf(pack)
      const [longest] = files.toSorted((a, b) => b.lines - a.lines)
      return [
        depth > INDENTED ? folder : `${'  '.repeat(depth)}${folder.replace('packages/', '')}`,
        String(files.length),
        String(files.reduce((sum, { lines }) => sum + lines, 0)),
        cut(longest?.path ?? ''),
        String(longest?.lines ?? 0),
      ]
    })
  return [['package', 'files', 'lines', 'longest file', ''], ...rows]
    .map(([name = '', files = '', lines = '', path = '', length = '']) =>
      `${name.padEnd(34)}${files.padStart(5)}${lines.padStart(7)}   ${path.padEnd(FILE_LETTERS)}${length.padStart(4)}`.trimEnd(),
    )
    .join('\n')
}

const depthOf = ({ folder }: Package): number => DEPTHS.find(([pattern]) => pattern.test(folder))?.[1] ?? 0

const cut = (path: string): string => (path.length > FILE_LETTERS ? `…${path.slice(1 - FILE_LETTERS)}` : path)
