import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const HELP = `Makes packages/provider-<name>: the package of a provider, ready for its wire facts.

  pnpm new-provider <name> [options]

  <name>       kebab-case, without "provider-": acme, acme-cloud
  --dialect    openai | own        its dialect; own writes encode.ts and decode.ts         (openai)
  --url        https://…           its base URL: scheme, host and path prefix             (https://api.<name>.example)
  --auth       none | optional | required   whether it needs a key                        (required)
  --help       this page`

const DIALECTS = ['openai', 'own'] as const
const AUTHS = ['none', 'optional', 'required'] as const
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const TEMPLATES = join(import.meta.dirname, 'templates/provider')
// A factory has its package's name, and these cannot be the name of a function.
const RESERVED = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
)

export interface NewProvider {
  name: string
  dialect?: string | undefined
  url?: string | undefined
  auth?: string | undefined
}

/** A mistake in the arguments: printed without a stack. */
export class NewProviderError extends Error {}

/** Writes the package under `root` and returns its files, from the root. */
export function newProvider(root: string, { name, dialect, url, auth }: NewProvider): string[] {
  const chosen = {
    name: checkName(root, name),
    dialect: oneOf('--dialect', DIALECTS, dialect ?? 'openai'),
    url: checkUrl(url ?? `https://api.${name}.example`),
    auth: oneOf('--auth', AUTHS, auth ?? 'required'),
  }
  const conditions = new Set<string>([chosen.auth, ...(chosen.auth === 'none' ? [] : ['auth'])])
  const values = placeholders(chosen)
  const folder = `packages/provider-${name}`
  return ['all', chosen.dialect].flatMap((part) =>
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

function checkName(root: string, name: string): string {
  if (!NAME.test(name)) {
    throw new NewProviderError(`"${name}" is not kebab-case.${didYouMean(kebab(name))}`)
  }
  if (name.startsWith('provider-')) {
    throw new NewProviderError(
      `The prefix "provider-" is added to the folder's name.${didYouMean(name.slice('provider-'.length))}`,
    )
  }
  if (RESERVED.has(name)) {
    throw new NewProviderError(`A function cannot be named "${name}".${didYouMean(`${name}-ai`)}`)
  }
  if (existsSync(join(root, `packages/provider-${name}`))) {
    throw new NewProviderError(`packages/provider-${name} exists: edit it, or choose another name.`)
  }
  return name
}

function kebab(name: string): string {
  return name
    .replace(/^@?rivulet\//, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
    .replace(/^provider-/, '')
}

function didYouMean(name: string): string {
  return NAME.test(name) ? ` Did you mean: pnpm new-provider ${name}` : ` As in: pnpm new-provider acme-cloud`
}

function checkUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw new NewProviderError(`--url "${url}" is not an http(s) URL. As in: --url https://api.acme.example/v1`)
  }
  if (/['`\\\s]/.test(url) || parsed.search !== '' || parsed.hash !== '') {
    throw new NewProviderError(`--url is scheme, host and path prefix only. Did you mean: --url ${parsed.origin}`)
  }
  return url.replace(/\/+$/, '')
}

function oneOf<T extends string>(option: string, known: readonly T[], value: string): T {
  const found = known.find((candidate) => candidate === value)
  if (found === undefined) throw new NewProviderError(`${option} "${value}" is not one of: ${known.join(', ')}.`)
  return found
}

function placeholders({ name, url, auth }: { name: string; url: string; auth: string }): Record<string, string> {
  const words = name.split('-')
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
  const pascal = words.map(capital).join('')
  return {
    name,
    Name: words.map(capital).join(' '),
    Pascal: pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    ENV: name.toUpperCase().replaceAll('-', '_'),
    url,
    urlPattern: url.replace(/[.+*?^$()[\]{}|/]/g, String.raw`\$&`),
    auth,
    date: new Date().toISOString().slice(0, 10),
  }
}

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

function nextSteps(name: string, files: string[]): string {
  return [
    ...files.map((file) => `  ${file}`),
    '',
    'Next:',
    '  1. pnpm install',
    `  2. Write the facts where it says TODO: README.md and src/ in packages/provider-${name}`,
    '  3. Replace the examples in test/fixtures/ with recorded bytes',
    `  4. Run the laws: pnpm vitest run packages/provider-${name}`,
    '  5. pnpm check && pnpm changeset',
  ].join('\n')
}

function main(root: string): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dialect: { type: 'string' },
      url: { type: 'string' },
      auth: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    console.log(HELP)
    return
  }
  const [name, ...rest] = positionals
  if (name === undefined || rest.length > 0) {
    const what = name === undefined ? 'A name is missing.' : `One name at a time, got: ${positionals.join(' ')}.`
    throw new NewProviderError(`${what}${didYouMean(kebab(positionals.join('-')))}\n\n${HELP}`)
  }
  const files = newProvider(root, { name, dialect: values.dialect, url: values.url, auth: values.auth })
  // The length of lines depends on the name. Without oxfmt on PATH, pnpm format does the same later.
  spawnSync('oxfmt', [`packages/provider-${name}`], { cwd: root })
  console.log(nextSteps(name, files))
}

if (import.meta.main) {
  try {
    main(join(import.meta.dirname, '..'))
  } catch (error) {
    const known = error instanceof NewProviderError || (error instanceof TypeError && 'code' in error)
    if (!known) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
