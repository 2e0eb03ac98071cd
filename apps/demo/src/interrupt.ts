import { constants } from 'node:os'

/** The process was interrupted, by Ctrl-C or by a request to terminate. */
export class InterruptError extends Error {
  override readonly name = 'InterruptError'
  /** The exit code that a shell expects after this signal: 128 plus its number. */
  readonly exitCode: number

  constructor(by: 'SIGINT' | 'SIGTERM') {
    super(by)
    this.exitCode = 128 + constants.signals[by]
  }
}

/**
 * An `AbortSignal` that aborts with an {@link InterruptError} on SIGINT (Ctrl-C) or SIGTERM. Only the first is caught; a
 * second one kills the process.
 */
export function interruptSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const release = (): void => {
    process.off('SIGINT', onInt).off('SIGTERM', onTerm)
  }
  const onInt = (): void => {
    release()
    controller.abort(new InterruptError('SIGINT'))
  }
  const onTerm = (): void => {
    release()
    controller.abort(new InterruptError('SIGTERM'))
  }
  process.on('SIGINT', onInt).on('SIGTERM', onTerm)
  return { signal: controller.signal, release }
}
