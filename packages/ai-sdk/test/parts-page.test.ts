import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { contents, promptParts, reasons, streamParts } from './support/mappings.ts'

const text = readFileSync(join(import.meta.dirname, '../../../docs/ai-sdk-parts.md'), 'utf8')

/** The rows of a table under a heading. */
function rowsUnder(heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split(/\n##/)[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

it.each([
  ['Stream parts', streamParts],
  ['Content', contents],
  ['Finish reasons', reasons],
  ['Parts of a prompt', promptParts],
])('the table "%s" has what the installed types have', (heading, mapping) => {
  const rows = Object.entries(mapping).map(([name, [as, from]]) => [`\`${name}\``, as, from])
  expect(rowsUnder(heading)).toEqual(rows)
})
