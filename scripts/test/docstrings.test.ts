import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { undocumentedFields } from '../check-docstrings/fields.ts'

const root = join(import.meta.dirname, '../..')
const doors = globSync('packages/{core,router,rivulet,provider-*}/src/index.ts', { cwd: root })

test.each(doors)('an editor shows a text for every field that %s exports', (door) => {
  expect(undocumentedFields(join(root, door)).map((field) => field.slice(root.length + 1))).toEqual([])
})

test('the check finds a field without a text, also in a file that a file re-exports', () => {
  const fixture = join(import.meta.dirname, 'fixtures/docstrings')
  expect(undocumentedFields(join(fixture, 'index.ts')).map((field) => field.slice(fixture.length + 1))).toEqual([
    'shapes.ts: Square.side',
  ])
})
