import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { type Member, openBackend } from './backend.ts'
import { questionText } from './question-text.ts'
import { dim, note, seconds } from './terminal.ts'

/** Answers one question on stdout, after what is piped in. Writes the provider, the model and the timing to stderr. */
export async function ask(
  { question, model, provider }: { question: string; model?: string; provider?: string },
  signal: AbortSignal,
): Promise<void> {
  await using backend = await openBackend()
  const reader = new AbortController()
  const onError = (error: Error): void => {
    reader.abort(error)
  }
  process.stdout.on('error', onError)
  const started = performance.now()
  let firstTextMs: number | undefined
  let source = ''
  let text = ''
  try {
    const messages = [{ role: 'user' as const, content: await questionText(question, signal) }]
    for await (const event of backend.ask({ model, provider, messages }, AbortSignal.any([signal, reader.signal]))) {
      if (event.type === 'start') source = describeSource(backend.members, event)
      if (event.type === 'restart') note(`\n${event.from} failed (${event.message}); the answer starts over.`)
      if (event.type !== 'text') continue
      firstTextMs ??= performance.now() - started
      text = event.text
      if (!process.stdout.write(text)) await once(process.stdout, 'drain', { signal })
    }
    if (!text.endsWith('\n')) process.stdout.write('\n')
    note(dim(`${source} · first token ${seconds(firstTextMs ?? 0)} · ${seconds(performance.now() - started)} in total`))
  } catch (error) {
    // The reader of the pipe is done, as in `… | head -1`.
    if (reader.signal.aborted && isBrokenPipe(reader.signal.reason)) return
    // The output is incomplete: start the error message on a new line.
    if (text !== '' && !text.endsWith('\n')) process.stderr.write('\n')
    throw error
  } finally {
    process.stdout.off('error', onError)
  }
}

function describeSource(
  members: readonly Member[],
  { provider: id, model }: { provider: string; model: string },
): string {
  const member = members.find(({ provider }) => provider.id === id)
  return `${member?.provider.info.name ?? id}${member?.simulated === true ? ' (simulated)' : ''} · ${model}`
}

const isBrokenPipe = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EPIPE'
