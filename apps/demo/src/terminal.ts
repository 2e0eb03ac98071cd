import { ChatError } from '@rivulet/core'
import type { River } from './river.ts'
import { stripVTControlCharacters, styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Styled where the stream is a terminal that wants it (`NO_COLOR` is heard). */
const styled = (style: Style, text: string, stream: NodeJS.WriteStream): string => styleText(style, text, { stream })

export const dim = (text: string): string => styled('dim', text, process.stderr)

/** Tells something beside the answer. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

/** What stands on the terminal while the page is served. */
export function welcome({ url, river, taken }: { url: string; river: River; taken?: number | undefined }): string {
  const out = (style: Style, text: string): string => styled(style, text, process.stdout)
  const names = (simulated: boolean): string =>
    river.members
      .filter((member) => member.simulated === simulated)
      .map(({ provider }) => provider.info.name)
      .join(', ')
  const lines = [`${out('cyan', '≈')} ${out('bold', 'Rivulet')}   ${out(['cyan', 'underline'], url)}`, '']
  if (taken !== undefined) lines.push(`Port ${taken} is taken, so this is the next free one.`)
  if (names(false) === '') lines.push(`It talks to the local simulator, playing ${names(true)}: no answer is real.`)
  else lines.push(`It talks to ${names(false)}.`)
  if (names(false) !== '' && names(true) !== '') lines.push(`Simulated, when asked for by name: ${names(true)}.`)
  lines.push(out('dim', `The simulator's own state and faults: ${river.simulator.url}/_simulator`))
  lines.push(out('dim', 'Ctrl-C stops it.'))
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`
}

/** An error as one readable line: who, what, what next. */
export function oneLine(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  // Words of an endpoint may hold anything; on a terminal, control characters would be obeyed.
  const [head = '', ...more] = stripVTControlCharacters(words.trim())
    .replace(/^rivulet: /, '')
    .split(/\s*\n\s*/)
    .map((line) => line.replace(/[\p{Cc}\s]+/gu, ' '))
  const line = more.length === 0 ? head : `${head.replace(/[.:]$/, '')}: ${more.join('; ')}`
  if (!(error instanceof ChatError)) return line
  const next = NEXT[error.code]
  return next === undefined ? line : `${line.replace(/[.\s]*$/, '.')} ${next}`
}

const NEXT: Partial<Record<ChatError['code'], string>> = {
  auth: 'Check its credential in the environment.',
  quota: 'Its account is used up: ask another with --provider.',
  'rate-limited': 'Wait a little, then ask again.',
  'context-length': 'Ask for less at once.',
  overloaded: 'Ask again, or ask another with --provider.',
  timeout: 'Ask again, or ask another with --provider.',
  network: 'Check the connection and the base URL.',
  truncated: 'The answer above is not whole: ask again.',
  malformed: 'Ask again, or ask another with --provider.',
  exhausted: 'Ask again in a while.',
}
