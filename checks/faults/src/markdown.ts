export type Align = 'left' | 'right'

/** A table with minimal column widths, as the formatter writes it. */
export function markdown(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string {
  const isRight = (at: number): boolean => align[at] === 'right'
  const widths = head.map((name, at) => Math.max(3, widthOf(name), ...lines.map((line) => widthOf(line[at] ?? ''))))
  const row = (cells: readonly string[]): string => {
    const padded = cells.map((cell, at) => {
      const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)))
      return isRight(at) ? space + cell : cell + space
    })
    return `| ${padded.join(' | ')} |`
  }
  const rule = widths.map((width, at) => (isRight(at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [row(head), row(rule), ...lines.map(row)].join('\n')
}

/** Code points, not UTF-16 units. */
const widthOf = (text: string): number => Array.from(text).length
