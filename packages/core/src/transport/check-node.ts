import { ChatError } from '../errors.ts'

/** What undici 8 needs. @see https://github.com/nodejs/undici (2026-11-28) */
const NEEDED = [22, 19] as const

/**
 * undici fails in an older Node with the words of a program's mistake, which reads as a network failure.
 *
 * @throws ChatError `unsupported` for a Node that is too old.
 */
export function checkNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needed, neededMinor] = NEEDED
  if (major > needed || (major === needed && minor >= neededMinor)) return
  throw new ChatError(
    'unsupported',
    `the undici transport needs Node ${NEEDED.join('.')} or later, and this is Node ${version}. Update Node, or send with fetch: set the option transport to fetchTransport(), from '@rivulet/core/fetch'.`,
  )
}
