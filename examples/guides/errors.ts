/** What to tell a reader when an answer fails. */
import { ChatError, rivulet } from 'rivulet'

const river = rivulet.fromEnv()

/** Prints an answer, or why there is none. @throws the signal's reason, when it aborts. */
export async function print(question: string, signal?: AbortSignal): Promise<void> {
  const answer = river.text(question, { signal, deadlines: { firstTokenMs: 20_000, totalMs: 90_000 } })
  try {
    for await (const piece of answer) process.stdout.write(piece)
  } catch (error) {
    // Anything else is an abort, or a mistake in this program.
    if (!(error instanceof ChatError)) throw error
    console.log(explain(error))
  }
}

function explain(error: ChatError): string {
  switch (error.code) {
    case 'rate-limited':
      return `Busy. Ask again in ${Math.ceil((error.retryAfterMs ?? 10_000) / 1_000)} seconds.`
    case 'context-length':
      return 'This conversation is too long. Begin a new one.'
    case 'content-filter':
      return 'The model refused.'
    case 'auth':
    case 'quota':
      console.error(error.message) // For whoever runs this: it names the provider, and says what to do.
      return 'This service is not available now.'
    default:
      return `\nThe answer failed (${error.code}) after ${error.partial?.text.length ?? 0} characters.`
  }
}
