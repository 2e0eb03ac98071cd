import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Choices } from './choices.ts'

const TEMPLATES = join(import.meta.dirname, '../templates/provider')

/**
 * Writes the package under `root` and returns its files, from the root. A folder of templates is for all providers, for a
 * dialect or for a kind of auth.
 */
export function writeTemplates(root: string, chosen: Choices): string[] {
  const conditions = new Set([
    ...(chosen.auth === 'none' ? ['none'] : [chosen.auth, 'auth']),
    chosen.dialect === 'own' ? 'own' : 'shared',
  ])
  const values = placeholders(chosen)
  const folder = `packages/provider-${chosen.name}`
  return ['all', chosen.dialect, chosen.auth].flatMap((part) =>
    globSync('**/*', { cwd: join(TEMPLATES, part) })
      .filter((path) => statSync(join(TEMPLATES, part, path)).isFile())
      .map((path) => {
        const target = join(folder, fill(path, values))
        mkdirSync(dirname(join(root, target)), { recursive: true })
        const template = readFileSync(join(TEMPLATES, part, path), 'utf8')
        writeFileSync(join(root, target), fill(choose(template, conditions), values))
        return target
      }),
  )
}

/** The names of the provider in code: `acme-cloud` is made by `acmeCloud(options: AcmeCloudOptions)`. */
export function namesOf(name: string): Record<'name' | 'Name' | 'Pascal' | 'camel' | 'ENV', string> {
  const words = name.split('-')
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
  const pascal = words.map(capital).join('')
  return {
    name,
    Name: words.map(capital).join(' '),
    Pascal: pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    ENV: name.toUpperCase().replaceAll('-', '_'),
  }
}

const placeholders = ({ name, dialect, url, auth }: Choices): Record<string, string> => ({
  ...namesOf(name),
  dialect,
  url,
  auth,
  date: new Date().toISOString().slice(0, 10),
})

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/__([A-Za-z]+)__/g, (whole, key: string) => values[key] ?? whole)
}

/** Keeps lines that end in `//? condition` (`<!--? condition -->` in Markdown) only where the condition holds. */
function choose(text: string, conditions: ReadonlySet<string>): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const mark = /\s*(?:\/\/\?|<!--\?) (\w+)(?: -->)?$/.exec(line)
      if (mark?.[1] === undefined) return [line]
      return conditions.has(mark[1]) ? [line.slice(0, mark.index)] : []
    })
    .join('\n')
}
