/** Three ways to end an answer early. Each closes its connection at once: the endpoint stops writing, and counting. */
import { rivulet } from 'rivulet'

const river = rivulet.fromEnv()

// 1. The reader has enough.
for await (const piece of river.text('Count to 12.')) {
  process.stdout.write(piece)
  if (piece.includes('3')) break
}

// 2. A button was pressed, or a client has gone.
const stop = new AbortController()
try {
  for await (const piece of river.text('Count to 12.', { signal: stop.signal })) {
    process.stdout.write(piece)
    stop.abort('the reader left')
  }
} catch (reason) {
  console.log(`\nended: ${String(reason)}`) // The signal's own reason, and never a ChatError.
}

// 3. It takes too long, whatever the provider's deadlines are.
const { text } = await river.complete('Count to 12.', { signal: AbortSignal.timeout(60_000) })
console.log(text)
