import { existsSync } from 'node:fs'
import { join } from 'node:path'

const DIALECTS = ['openai', 'anthropic', 'google', 'own'] as const
const AUTHS = ['none', 'optional', 'required'] as const
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
// A factory has its package's name, and these cannot be the name of a function.
const RESERVED = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
)

/** As on the command line, without the dashes. */
export interface NewProvider {
  name: string
  dialect?: string | undefined
  url?: string | undefined
  auth?: string | undefined
}

export interface Choices {
  name: string
  dialect: (typeof DIALECTS)[number]
  /** Without a slash at its end. */
  url: string
  auth: (typeof AUTHS)[number]
}

/** A mistake in the arguments: printed without a stack. */
export class NewProviderError extends Error {}

/** @throws NewProviderError for what cannot be meant, with a suggestion. */
export function choicesOf(root: string, { name, dialect, url, auth }: NewProvider): Choices {
  return {
    name: checkName(root, name),
    dialect: oneOf('--dialect', DIALECTS, dialect ?? 'openai'),
    url: checkUrl(url ?? `https://api.${name}.example`),
    auth: oneOf('--auth', AUTHS, auth ?? 'required'),
  }
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

export function kebab(name: string): string {
  return name
    .replace(/^@?rivulet\//, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
    .replace(/^provider-/, '')
}

export function didYouMean(name: string): string {
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
