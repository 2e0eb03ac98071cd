import { ChatError } from '@rivulet/core'
import type { Backend } from './backend.ts'
import { stripVTControlCharacters, styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Styles text if the stream is a terminal with colours (respects `NO_COLOR`). */
const styled = (style: Style, text: string, stream: NodeJS.WriteStream): string => styleText(style, text, { stream })

export const dim = (text: string): string => styled('dim', text, process.stderr)

/** Writes a line to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

/** The usual width of a terminal. */
const COLUMNS = 80

/** The text on the terminal while the page is served: two lines. */
export function welcome({
  url,
  backend,
  portInUse,
}: {
  url: string
  backend: Pick<Backend, 'members'>
  portInUse?: number | undefined
}): string {
  const out = (style: Style, text: string): string => styled(style, text, process.stdout)
  const real = backend.members.filter(({ simulated }) => !simulated).map(({ provider }) => provider.info.name)
  const inUse = portInUse === undefined ? '' : out('dim', `   (${portInUse} is in use)`)
  const who =
    real.length === 0
      ? 'A simulator answers: no key is needed, and no answer is real.'
      : shortened(`${real.join(', ')} ${real.length === 1 ? 'answers' : 'answer'}.`, COLUMNS - 2 - ` ${STOP}`.length)
  return `\n  ${out('cyan', '≈')} ${out('bold', 'Rivulet')}   ${out(['cyan', 'underline'], url)}${inUse}\n  ${who} ${out('dim', STOP)}\n\n`
}

const STOP = 'Ctrl-C stops.'

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

/** An error on one line: the provider, the problem, the next step. */
export function oneLine(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  // An endpoint's message may contain anything; a terminal would interpret its control characters.
  const [head = '', ...more] = stripVTControlCharacters(words.trim())
    .replace(/^rivulet: /, '')
    .split(/\s*\n\s*/)
    .map((line) => line.replace(/[\p{Cc}\s]+/gu, ' '))
  const line = more.length === 0 ? head : `${head.replace(/[.:]$/, '')}: ${more.join('; ')}`
  if (!(error instanceof ChatError)) return line
  const next = ADVICE[error.code]
  return next === undefined ? line : `${line.replace(/[.\s]*$/, '.')} ${next}`
}

const ADVICE: Partial<Record<ChatError['code'], string>> = {
  auth: 'Check its credential in the environment.',
  quota: 'Its quota is used up: choose another provider with --provider.',
  'rate-limited': 'Wait a little, then try again.',
  'context-length': 'Shorten the question.',
  overloaded: 'Try again, or choose another provider with --provider.',
  timeout: 'Try again, or choose another provider with --provider.',
  network: 'Check the connection and the base URL.',
  truncated: 'The answer above is incomplete: try again.',
  malformed: 'Try again, or choose another provider with --provider.',
  exhausted: 'Try again later.',
}
