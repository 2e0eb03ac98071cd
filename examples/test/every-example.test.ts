import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
const lines = (file: string): number => read(file).trimEnd().split('\n').length
const tests = globSync('test/*.test.ts', { cwd: folder }).map(read).join('\n')

test.for(globSync('*.ts', { cwd: folder }).filter((file) => file !== 'prelude.ts'))(
  '%s is at most 60 lines, is listed, and is run by a test',
  (file) => {
    expect(lines(file)).toBeLessThanOrEqual(60)
    expect(read('README.md')).toContain(`(${file})`)
    expect(tests).toMatch(new RegExp(`(from |import\\()'\\.\\./${file}'`))
  },
)

const docs = join(folder, '../docs')
const pages = globSync(['*.md', 'guides/*.md'], { cwd: docs }).filter((page) => page !== 'README.md')
const readPage = (page: string): string => readFileSync(join(docs, page), 'utf8')
const guides = pages.map(readPage).join('\n')

test.for(globSync('guides/*.ts', { cwd: folder }))(
  '%s is at most 60 lines, is repeated by a guide, and is run by a test',
  (file) => {
    expect(lines(file)).toBeLessThanOrEqual(60)
    expect(guides.includes(`\n\`\`\`ts examples/${file}\n`)).toBe(true)
    expect(tests).toMatch(new RegExp(`(from |import\\()'\\.\\./${file}'`))
  },
)

test.for(pages)('%s is found from the index, and leads to pages that exist', (page) => {
  expect(readPage('README.md').includes(`(${page}`)).toBe(true)
  for (const [, target = ''] of readPage(page).matchAll(/\]\((?!https:)([^)#]*)/g)) {
    expect(target === '' || existsSync(join(docs, dirname(page), target)), `${page} leads to ${target}`).toBe(true)
  }
})

/** What lies before a heading of GitHub's, for a link that names it. */
const anchors = (text: string): string[] =>
  Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )

test.for(['README.md', ...pages])('%s leads to headings that exist', (page) => {
  for (const [, target = '', heading = ''] of readPage(page).matchAll(/\]\((?!https:)([^)#]*)#([^)]*)\)/g)) {
    const file = target === '' ? page : join(dirname(page), target)
    expect(anchors(readPage(file)), `${page} leads to ${file}`).toContain(heading)
  }
})
