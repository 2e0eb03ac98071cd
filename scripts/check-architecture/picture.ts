import { DIRECTION, depthOf, isBeside } from './floors.ts'
import { sizeLimits } from './limits.ts'
import type { Measure } from './measure.ts'

const LONG_FILE_LINES = 400
const LAWS = [
  'no circle of files or packages',
  'imports point left',
  'every import declared, every dependency used',
  'no deep import',
  'no export *, no default export',
  'every room there',
]

/** The house on a page of 100 columns. */
export function picture(measures: Measure[], problems: string[]): string {
  const house = measures.filter(({ floor }) => floor !== 'none' && !isBeside(floor))
  const beside = measures.filter((measure) => !house.includes(measure))
  const blocks = [
    [DIRECTION],
    [row(HEAD), ...house.map(line)],
    beside.length === 0 ? [] : ['beside the house: for tests, benches and apps', ...beside.map(line)],
    footnotes(measures),
    verdict(problems),
  ]
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')
}

interface Cells {
  name: string
  files: string | number
  lines: string | number
  longest: string
  longestLines: string | number
  flag?: string
  anys: string | number
  assertions: string | number
  size: string
}

const HEAD: Cells = {
  name: 'package',
  files: 'files',
  lines: 'lines',
  longest: 'longest file',
  longestLines: '',
  anys: 'any',
  assertions: 'as',
  size: 'KB gz',
}

function line(measure: Measure): string {
  const { name, floor, files, lines, longest, anys, assertions } = measure
  const depth = floor === 'none' || isBeside(floor) ? 0 : depthOf(floor)
  return row({
    name: '  '.repeat(depth) + name.replace('@rivulet/', ''),
    files,
    lines,
    longest: longest?.file ?? '',
    longestLines: longest?.lines ?? '',
    flag: isLong(measure) ? '!' : '',
    anys: anys === 0 ? '·' : anys,
    assertions: assertions === 0 ? '·' : assertions,
    size: floor === 'app' ? '' : sizeOf(measure),
  })
}

/** What is loaded first, and behind it all of it, where something is loaded later. */
function sizeOf({ gzippedBytes: first, gzippedBytesInAll: all }: Measure): string {
  if (first === null || all === null) return '–'
  const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1)
  return all === first ? kilobytes(first) : `${kilobytes(first)} / ${kilobytes(all)}`
}

function row({ name, files, lines, longest, longestLines, flag = '', anys, assertions, size }: Cells): string {
  const file = longest.length > 22 ? `…${longest.slice(-21)}` : longest
  return [
    name.padEnd(32),
    String(files).padStart(5),
    String(lines).padStart(7),
    `   ${file}`.padEnd(25),
    String(longestLines).padStart(5),
    ` ${flag}`.padEnd(2),
    String(anys).padStart(4),
    String(assertions).padStart(5),
    size.padStart(12),
  ]
    .join('')
    .trimEnd()
}

function footnotes(measures: Measure[]): string[] {
  const notes = [
    'KB gz: minified and gzipped, alone, with its @rivulet dependencies, undici left out;',
    '       what is loaded first / with what may be loaded later',
    ...sizeLimits(measures),
  ]
  if (measures.some(({ floor, gzippedBytes }) => floor !== 'app' && gzippedBytes === null))
    notes.push('–      not built: run pnpm build')
  if (measures.some(isLong)) notes.push(`!      longer than ${LONG_FILE_LINES} lines: look for the second idea in it`)
  return notes
}

function isLong({ longest }: Measure): boolean {
  return longest !== null && longest.lines > LONG_FILE_LINES
}

function verdict(problems: string[]): string[] {
  if (problems.length === 0) return ['The house is in order:', ...LAWS.map((law) => `  ✓ ${law}`)]
  return [`${problems.length} to put right:`, ...problems.map((problem) => `  ✗ ${problem}`)]
}
