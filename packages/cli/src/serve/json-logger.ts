import type { Logger } from '@rivulet/gateway/log'
import { pino } from 'pino'

/** No field has a secret. One that should ever get such a name is not written all the same. */
const SECRET = ['authorization', 'cookie', 'apiKey', 'token', 'headers', 'body'].flatMap((name) => [name, `*.${name}`])

/**
 * Writes JSON to stderr, each line at once: the last one is there when the process ends. Through the stream of the process, whose
 * failures end nothing.
 */
export const jsonLogger: Logger = pino(
  { level: 'debug', base: null, redact: { paths: SECRET, censor: '***' } },
  process.stderr,
)
