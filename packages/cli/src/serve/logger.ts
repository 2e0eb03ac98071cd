import type { LoggedRequest, Logger, LogLevel } from '@rivulet/gateway/log'
import { destination, pino } from 'pino'
import { note, onOneLine, seconds, styled } from '../terminal.ts'

/** Writes to stderr: on a terminal a line for people, else JSON. @param least The least level that is written. */
export const loggerFor = (least: LogLevel): Logger => (process.stderr.isTTY ? lines(least) : json(least))

/** No field has a secret; one that should get such a name is not written all the same. */
const SECRET = ['authorization', 'cookie', 'apiKey', 'token', 'headers', 'body'].flatMap((name) => [name, `*.${name}`])

const json = (level: LogLevel): Logger =>
  pino({ level, base: null, redact: { paths: SECRET, censor: '***' } }, destination({ dest: 2, sync: true }))

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
const STYLES = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const

function lines(least: LogLevel): Logger {
  const writer =
    (level: LogLevel) =>
    (fields: LoggedRequest, message: string): void => {
      if (ORDER.indexOf(level) < ORDER.indexOf(least)) return
      note(`${styled(STYLES[level], message, process.stderr)}: ${onOneLine(detailsOf(fields))}`)
    }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') }
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
