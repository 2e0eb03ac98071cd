import { performance } from 'node:perf_hooks'
import { ChatError, type ChatResult, type Question } from '@rivulet/core'
import { didYouMean } from '@rivulet/core/provider'
import { type ExitCode, exitCodeOfEnd } from './exit-code.ts'
import { readQuestion } from './question.ts'
import { type OpenRiver, openRiver } from './river.ts'
import { forTerminal, note, styled, whileRead, write } from './terminal.ts'
import { usageLine } from './usage-line.ts'
import { UsageError } from './usage-error.ts'

export interface AskOptions {
  /** Of the command line. */
  words: readonly string[]
  /** The names of the commands: a word that is nearly one of them is a mistake. */
  commands: readonly string[]
  model?: string | undefined
  system?: string | undefined
  /** Print the whole answer as one document. */
  json?: true | undefined
  /** Say who has answered, with how many tokens. */
  usage?: true | undefined
}

/** Answers a question on stdout. */
export async function ask(options: AskOptions, signal: AbortSignal): Promise<ExitCode> {
  const { words, commands, model, system, json, usage } = options
  const hint = words.length === 1 ? didYouMean(words[0] ?? '', commands) : ''
  if (hint !== '') throw new UsageError(`"${words[0] ?? ''}" is not a command.${hint}`)
  const content = await readQuestion(words, signal)
  await using open = await openRiver()
  const question: Question = {
    ...(model !== undefined && { model }),
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content },
    ],
  }
  const began = performance.now()
  const answer = json === true ? wholeAnswer : streamedAnswer
  const result = await answer(open, question, whileRead(signal))
  if (usage === true) {
    const line = usageLine(result, open, performance.now() - began)
    process.stderr.write(`${styled('dim', line, process.stderr)}\n`)
  }
  const end = result.reason === undefined ? undefined : ENDS[result.reason]
  if (end !== undefined) note(end)
  return exitCodeOfEnd(result.reason)
}

const ENDS: Partial<Record<NonNullable<ChatResult['reason']>, string>> = {
  length: 'the answer is cut off at the token limit.',
  'content-filter': 'the answer was stopped by a content filter.',
}

async function streamedAnswer({ river }: OpenRiver, question: Question, signal: AbortSignal): Promise<ChatResult> {
  let last = '\n'
  try {
    const answer = river.text(question, { signal })
    for await (const text of answer) {
      await write(process.stdout.isTTY ? forTerminal(text) : text, signal)
      if (text !== '') last = text
    }
    return await answer.result
  } finally {
    // Also after half an answer: what is said next stands on a line of its own.
    if (!last.endsWith('\n') && !signal.aborted) await write('\n', signal)
  }
}

async function wholeAnswer({ river }: OpenRiver, question: Question, signal: AbortSignal): Promise<ChatResult> {
  try {
    const result = await river.complete(question, { signal })
    await write(`${JSON.stringify(result, undefined, 2)}\n`, signal)
    return result
  } catch (error) {
    // A script reads one document, whatever comes.
    if (error instanceof ChatError) {
      const document = { error }
      await write(`${JSON.stringify(document, undefined, 2)}\n`, signal)
    }
    throw error
  }
}
