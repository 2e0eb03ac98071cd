import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CODES } from '@rivulet/core/provider'
import { KNOWN_PROVIDERS } from 'rivulet'
import { expect, test } from 'vitest'

/** The cells of a page's tables, row by row. */
function rows(page: string): string[][] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/guides', page), 'utf8')
  return Array.from(text.matchAll(/^\| (.*) \|$/gm), ([, row = '']) => row.split(' | ').map((cell) => cell.trim()))
}

test('the table of errors has each code, and what follows from it', () => {
  const word = (is: boolean): string => (is ? 'yes' : 'no')
  const written = Object.fromEntries(
    rows('errors-and-deadlines.md')
      .filter((row) => row.length === 4 && row[0]?.startsWith('`') === true)
      .map(([code = '', , again, next]) => [code.replaceAll('`', ''), [again, next]]),
  )
  const known = Object.entries(CODES).map(([code, { retryable, failover }]) => [
    code,
    [code === 'exhausted' ? 'as theirs' : word(retryable), word(failover)],
  ])
  expect(written).toEqual(Object.fromEntries(known))
})

test('the table of providers names the variables that rivulet.fromEnv() reads', () => {
  const table = rows('providers.md').map((row) => row.join(' '))
  for (const { id, credentials, baseUrl } of KNOWN_PROVIDERS) {
    const row = table.find((cells) => cells.includes(`\`${id}()\``))
    expect(row, id).toBeDefined()
    for (const variable of [...credentials, baseUrl]) expect(row).toContain(`\`${variable}\``)
  }
})
