import { constants } from 'node:os'

/** Ctrl-C, or a request to end. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  /** What a shell expects of a program that ended by this signal. */
  readonly exitCode: number

  constructor(by: 'SIGINT' | 'SIGTERM') {
    super(by)
    this.exitCode = 128 + constants.signals[by]
  }
}

/**
 * A signal that aborts with an {@link Interruption} at Ctrl-C (SIGINT) or SIGTERM. Only the first is caught: a second
 * one ends the process the hard way.
 */
export function interruption(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const release = (): void => {
    process.off('SIGINT', onInt).off('SIGTERM', onTerm)
  }
  const onInt = (): void => {
    release()
    controller.abort(new Interruption('SIGINT'))
  }
  const onTerm = (): void => {
    release()
    controller.abort(new Interruption('SIGTERM'))
  }
  process.on('SIGINT', onInt).on('SIGTERM', onTerm)
  return { signal: controller.signal, release }
}
