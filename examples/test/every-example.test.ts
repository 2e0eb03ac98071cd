import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
const tests = globSync('test/*.test.ts', { cwd: folder }).map(read).join('\n')

test.for(globSync('*.ts', { cwd: folder }).filter((file) => file !== 'prelude.ts'))(
  '%s is at most 60 lines, is listed, and is run by a test',
  (file) => {
    expect(read(file).trimEnd().split('\n').length).toBeLessThanOrEqual(60)
    expect(read('README.md')).toContain(`(${file})`)
    expect(tests).toMatch(new RegExp(`(from |import\\()'\\.\\./${file}'`))
  },
)
