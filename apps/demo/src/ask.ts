import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { type Member, openRiver } from './river.ts'
import { dim, note, seconds } from './terminal.ts'

/** Answers one question on stdout. Who answered, and how fast, is told on stderr. */
export async function ask(
  { question, model, provider }: { question: string; model?: string; provider?: string },
  signal: AbortSignal,
): Promise<void> {
  await using river = await openRiver()
  const reader = new AbortController()
  const onError = (error: Error): void => {
    reader.abort(error)
  }
  process.stdout.on('error', onError)
  const started = performance.now()
  let firstTextMs: number | undefined
  let who = ''
  let text = ''
  try {
    const messages = [{ role: 'user' as const, content: question }]
    for await (const event of river.ask({ model, provider, messages }, AbortSignal.any([signal, reader.signal]))) {
      if (event.type === 'start') who = told(river.members, event)
      if (event.type === 'restart') note(`\n${event.from} broke (${event.message}); the answer begins anew.`)
      if (event.type !== 'text') continue
      firstTextMs ??= performance.now() - started
      text = event.text
      if (!process.stdout.write(text)) await once(process.stdout, 'drain', { signal })
    }
    if (!text.endsWith('\n')) process.stdout.write('\n')
    note(dim(`${who} · first token ${seconds(firstTextMs ?? 0)} · ${seconds(performance.now() - started)} in all`))
  } catch (error) {
    // `… | head -1` has read enough.
    if (reader.signal.aborted && isBrokenPipe(reader.signal.reason)) return
    // What stands on the terminal is not whole: what follows begins on a line of its own.
    if (text !== '' && !text.endsWith('\n')) process.stderr.write('\n')
    throw error
  } finally {
    process.stdout.off('error', onError)
  }
}

function told(members: readonly Member[], { provider: id, model }: { provider: string; model: string }): string {
  const member = members.find(({ provider }) => provider.id === id)
  return `${member?.provider.info.name ?? id}${member?.simulated === true ? ' (simulated)' : ''} · ${model}`
}

const isBrokenPipe = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EPIPE'
