import { performance } from 'node:perf_hooks'
import { chat, ChatError, type ErrorCode, type Provider } from '@rivulet/core'
import { environment } from '@rivulet/core/provider'
import { KNOWN_PROVIDERS, providersFromEnv } from 'rivulet'
import { EXIT, type ExitCode } from './exit-code.ts'
import { failureLine } from './failure-line.ts'
import { lineOf, onOneLine, seconds, styled, whileRead, write } from './terminal.ts'

const TOTAL_MS = 30_000

/** Asks every configured provider a tiny question, all at a time, and says a line about each. */
export async function doctor(signal: AbortSignal): Promise<ExitCode> {
  const read = whileRead(signal)
  let providers: Provider[]
  try {
    providers = providersFromEnv()
  } catch (error) {
    // All are configured wrongly.
    await write(`${mark(false)} ${lineOf(error)}\n`, read)
    return EXIT.provider
  }
  if (providers.length === 0) {
    await write(`No provider is configured. Set one of these variables:\n${variables()}`, read)
    return EXIT.provider
  }
  const width = Math.max(...providers.map(({ id }) => id.length))
  let works = false
  const findings = providers.map((provider) => examine(provider, read))
  for (const finding of findings) {
    const { id, isWell, words } = await finding
    works ||= isWell
    await write(`${mark(isWell)} ${id.padEnd(width)}  ${words}\n`, read)
  }
  return works ? EXIT.ok : EXIT.provider
}

const mark = (isWell: boolean): string => styled(isWell ? 'green' : 'red', isWell ? '✓' : '✗', process.stdout)

interface Finding {
  id: string
  isWell: boolean
  words: string
}

async function examine(provider: Provider, signal: AbortSignal): Promise<Finding> {
  const { id } = provider
  const { complete } = chat(provider, { retry: false, deadlines: { totalMs: TOTAL_MS } })
  const began = performance.now()
  try {
    const { model } = await complete('Reply with one word: ok', { signal })
    return { id, isWell: true, words: `${onOneLine(model)} has answered in ${seconds(performance.now() - began)}.` }
  } catch (error) {
    signal.throwIfAborted()
    return { id, isWell: false, words: `${failureLine(error).replace(`${id}: `, '')}${whereToLook(id, error)}` }
  }
}

/** The variables that may be wrong, in parentheses. */
function whereToLook(id: string, error: unknown): string {
  const known = KNOWN_PROVIDERS.find((each) => each.id === id)
  if (known === undefined || !(error instanceof ChatError)) return ''
  const { credentials, baseUrl, host } = known
  const names = [...(ACCOUNT.has(error.code) ? credentials : []), ...(ADDRESS.has(error.code) ? [baseUrl, host] : [])]
  const set = names.filter((name) => name !== undefined && environment(name) !== undefined)
  return set.length === 0 ? '' : ` (${set.join(', ')})`
}

const ACCOUNT: ReadonlySet<ErrorCode> = new Set(['auth', 'quota'])
const ADDRESS: ReadonlySet<ErrorCode> = new Set(['network', 'not-found', 'malformed', 'timeout'])

function variables(): string {
  const width = Math.max(...KNOWN_PROVIDERS.map(({ id }) => id.length))
  return KNOWN_PROVIDERS.map(
    ({ id, credentials, baseUrl, host = [] }) =>
      `  ${id.padEnd(width)}  ${[...credentials, baseUrl].concat(host).join(', ')}\n`,
  ).join('')
}
