import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Choices, NewProviderError } from './choices.ts'
import { namesOf } from './template.ts'

/** A file of the workspace that names every provider, and how one is added to it. */
interface Edit {
  file: string
  /** `undefined` where the file no longer has the place that it looks for. */
  add: (text: string) => string | undefined
}

/**
 * Adds a provider to the aggregator, and returns the files that it changed. Writes nothing unless each of them can be changed.
 *
 * @throws NewProviderError for a file that no longer has the place for it.
 */
export function listProvider(root: string, chosen: Choices): string[] {
  const changes = edits(chosen).map(({ file, add }) => {
    const text = add(readFileSync(join(root, file), 'utf8'))
    if (text === undefined)
      throw new NewProviderError(`--list finds no place for the provider in ${file}: see list.ts.`)
    return { file, text }
  })
  for (const { file, text } of changes) writeFileSync(join(root, file), text)
  return changes.map(({ file }) => file)
}

function edits({ name, auth }: Choices): Edit[] {
  const { Name, Pascal, camel, ENV } = namesOf(name)
  const module = `@rivulet/provider-${name}`
  const credentials = auth === 'none' ? '' : `'${ENV}_API_KEY'`
  const row = `  { id: '${name}', credentials: [${credentials}], baseUrl: '${ENV}_BASE_URL', create: ${camel} },`
  const type = auth === 'none' ? '' : `, type ${Pascal}Options`
  return [
    { file: 'packages/rivulet/package.json', add: (text) => withDependency(text, module) },
    {
      file: 'packages/rivulet/src/index.ts',
      add: sorted(
        /^export \{.*\} from '(@rivulet\/provider-.*)'$/gm,
        module,
        `export { ${camel}${type} } from '${module}'`,
      ),
    },
    {
      file: 'packages/rivulet/src/known-providers.ts',
      add: (text) =>
        after(
          /KNOWN_PROVIDERS: readonly KnownProvider\[\] = \[\n[^]*?(?=\n\])/g,
          row,
        )(sorted(/^import .* from '(@rivulet\/provider-.*)'$/gm, module, `import { ${camel} } from '${module}'`)(text)),
    },
    {
      file: 'README.md',
      add: after(/^\| \[`@rivulet\/provider-.*$/gm, `| [\`${module}\`](packages/provider-${name}) | ${Name} |`),
    },
  ]
}

type Add = (text: string | undefined) => string | undefined

/** A new line after the last match. */
const after =
  (pattern: RegExp, line: string): Add =>
  (text) => {
    const last = [...(text?.matchAll(pattern) ?? [])].at(-1)
    return text === undefined || last === undefined ? undefined : insert(text, last.index + last[0].length, `\n${line}`)
  }

/** A new line among those that match, in the order of what the pattern captures. */
const sorted =
  (pattern: RegExp, key: string, line: string): Add =>
  (text) => {
    const next = [...(text?.matchAll(pattern) ?? [])].find(([, other = '']) => other > key)
    return text === undefined || next === undefined ? after(pattern, line)(text) : insert(text, next.index, `${line}\n`)
  }

const insert = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at)

function withDependency(text: string, module: string): string {
  // Its shape is npm's.
  const manifest = JSON.parse(text) as { dependencies: Record<string, string> }
  const all = { ...manifest.dependencies, [module]: 'workspace:^' }
  const dependencies = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify({ ...manifest, dependencies }, undefined, 2)}\n`
}
