import { CommanderError } from 'commander'
import { commandLine } from './command-line.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { InterruptError } from './interrupt.ts'
import { note, ReaderLeft } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/**
 * Runs the `rivulet` command with the standard streams and the environment of this process.
 *
 * @param args Without the program's name.
 * @param options `signal`: aborts the command.
 * @returns The exit code: 0 success, 1 a provider failed, 2 usage, 3 auth, 4 limit, 5 timeout, 6 truncated, 7 filtered, 130
 * interrupted.
 * @example
 * process.exitCode = await runCommand(['--json', 'Why is the sky blue?'])
 */
export async function runCommand(
  args: readonly string[],
  { signal = new AbortController().signal }: { signal?: AbortSignal | undefined } = {},
): Promise<number> {
  try {
    return await commandLine(args, signal)
  } catch (error) {
    return await codeOf(error)
  }
}

/** Says what failed, unless the person knows, and gives the exit code. */
async function codeOf(error: unknown): Promise<number> {
  if (error instanceof ReaderLeft) return EXIT.ok
  if (error instanceof InterruptError) return error.exitCode
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof UsageError) {
    for (const line of error.message.split('\n')) note(line)
    return EXIT.usage
  }
  // Loaded on demand: a wrong option needs nothing of the library.
  const { failureLine } = await import('./failure-line.ts')
  note(failureLine(error))
  // A caller's mistake is a TypeError everywhere in Rivulet.
  if (error instanceof TypeError) return EXIT.usage
  const { ChatError } = await import('@rivulet/core')
  return error instanceof ChatError ? exitCodeOf(error) : EXIT.provider
}
