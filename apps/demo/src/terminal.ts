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

/** The text on the terminal while the page is served. */
export function welcome({
  url,
  backend,
  portInUse,
}: {
  url: string
  backend: Backend
  portInUse?: number | undefined
}): string {
  const out = (style: Style, text: string): string => styled(style, text, process.stdout)
  const names = (simulated: boolean): string =>
    backend.members
      .filter((member) => member.simulated === simulated)
      .map(({ provider }) => provider.info.name)
      .join(', ')
  const lines = [`${out('cyan', '≈')} ${out('bold', 'Rivulet')}   ${out(['cyan', 'underline'], url)}`, '']
  if (portInUse !== undefined) lines.push(`Port ${portInUse} is in use, so this is the next free one.`)
  if (names(false) === '') lines.push(`Using a local simulator of ${names(true)}: no answer is real.`)
  else lines.push(`Using ${names(false)}.`)
  if (names(false) !== '' && names(true) !== '') lines.push(`Simulated, if requested by name: ${names(true)}.`)
  lines.push(out('dim', `State and faults of the simulator: ${backend.simulator.url}/_simulator`))
  lines.push(out('dim', 'Press Ctrl-C to stop.'))
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`
}

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
