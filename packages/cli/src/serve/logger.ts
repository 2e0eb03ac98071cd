import type { LoggedRequest, Logger, LogLevel } from '@rivulet/gateway/log'
import { note, onOneLine, seconds, styled } from '../terminal.ts'

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

type Write = (level: LogLevel, fields: LoggedRequest, message: string) => void

/** Writes to stderr: on a terminal a line for people, else JSON. @param least The least level that is written. */
export function loggerFor(least: LogLevel): Logger {
  const write = process.stderr.isTTY ? writeLine : writeJson
  const at =
    (level: LogLevel) =>
    (fields: LoggedRequest, message: string): void => {
      if (ORDER.indexOf(level) >= ORDER.indexOf(least)) write(level, fields, message)
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Loaded for the first line: it takes longer than all else at the start. */
const writeJson: Write = (level, fields, message) => {
  void import('./json-logger.ts').then(({ jsonLogger }) => {
    jsonLogger[level](fields, message)
  })
}

const STYLES = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const

const writeLine: Write = (level, fields, message) => {
  note(`${styled(STYLES[level], message, process.stderr)}: ${onOneLine(detailsOf(fields))}`)
}

/** `'gpt-6-luna by openai, 200, 2 attempts, work: overloaded, 1.24 s'` */
function detailsOf({ model, provider, status, code, key, attempts, failures, totalMs }: LoggedRequest): string {
  const parts = [
    [model, provider].filter((name) => name !== undefined).join(' by '),
    status,
    code,
    key === undefined ? undefined : `key ${key}`,
    attempts > 1 ? `${attempts} attempts` : undefined,
    failures?.join(', '),
    seconds(totalMs),
  ]
  return parts.filter((part) => part !== undefined && part !== '').join(', ')
}
