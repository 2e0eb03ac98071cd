import { readArgs, HELP, UsageError } from './args.ts'
import { ask } from './ask.ts'
import { interruptSignal, InterruptError } from './interrupt.ts'
import { serve } from './serve.ts'
import { oneLine } from './terminal.ts'

/** Runs the demo and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { signal, release } = interruptSignal()
  try {
    const options = readArgs(args)
    if (options.help) process.stdout.write(HELP)
    else if (options.ask !== undefined) await ask({ ...options, question: options.ask }, signal)
    else await serve(options, signal)
    return 0
  } catch (error) {
    // Ctrl-C in the middle of an answer is not an error; the exit code reports it, as shells expect.
    if (error instanceof InterruptError) return error.exitCode
    process.stderr.write(`rivulet: ${oneLine(error)}\n`)
    return error instanceof UsageError ? 2 : 1
  } finally {
    release()
  }
}

process.exitCode = await main(process.argv.slice(2))
