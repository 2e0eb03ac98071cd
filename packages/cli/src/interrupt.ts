import { constants } from 'node:os'

/** The process was interrupted, by Ctrl-C or by a request to terminate. */
export class InterruptError extends Error {
  override readonly name = 'InterruptError'
  /** What a shell expects after this signal: 128 plus its number. */
  readonly exitCode: number

  constructor(by: 'SIGINT' | 'SIGTERM') {
    super(by)
    this.exitCode = 128 + constants.signals[by]
  }
}

/**
 * A signal that aborts with an {@link InterruptError} on SIGINT (Ctrl-C) or SIGTERM. Only the first is caught; a second one
 * kills the process.
 */
export function interruptSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const release = (): void => {
    process.off('SIGINT', onInt).off('SIGTERM', onTerm)
  }
  const interrupt = (by: 'SIGINT' | 'SIGTERM') => (): void => {
    release()
    controller.abort(new InterruptError(by))
  }
  const [onInt, onTerm] = [interrupt('SIGINT'), interrupt('SIGTERM')]
  process.on('SIGINT', onInt).on('SIGTERM', onTerm)
  return { signal: controller.signal, release }
}
