import { type AttemptReport, ChatError, observe, partialOf, pipe, type Provider } from '@rivulet/core'
import type { GroupOptions } from '@rivulet/router'
import { GROUPS, type GroupName } from './groups.ts'
import { questionOf } from './questions.ts'
import { type Manner, read } from './read.ts'
import { Tally } from './tally.ts'
import { wrongWith } from './verdict.ts'
import { membersOf, referenceOf, world } from './world.ts'

export interface RunOptions {
  requests: number
  onBreak: NonNullable<GroupOptions['onBreak']>
  group: GroupName
  /** Callers at the same time. */
  atOnce: number
  seed: number
  /** The fraction of the failing member's streams that break, 0 to 1. */
  ratio: number
  /** Ends the run: requests without an answer by then have failed. */
  signal: AbortSignal
  /** Called after each answer. */
  onAnswer: (tally: Tally) => void
}

/**
 * Sends requests to a group of bad members over real sockets, and compares each answer with the answer of a member without
 * faults to the same question.
 */
export async function run(options: RunOptions): Promise<Tally> {
  const { requests, atOnce, onBreak, group, seed, ratio, signal, onAnswer } = options
  const tally = new Tally()
  await using made = await world(seed)
  const members = membersOf(made, {
    ratio,
    seed,
    onStrike: (kind) => {
      tally.strike(kind)
    },
    onEvent: ({ type }) => {
      if (type === 'text') tally.tokens.received++
    },
  })
  const reference = referenceOf(made)
  const provider = pipe(
    GROUPS[group](members, { onBreak }),
    observe({
      onEvent: ({ type }) => {
        if (type === 'restart' || type === 'resume') tally.seen[type]++
      },
    }),
  )
  let next = 0
  const call = async (): Promise<void> => {
    for (let index = next++; index < requests && !signal.aborted; index = next++) {
      await one(index, provider, reference, { seed, onBreak, signal, tally })
      onAnswer(tally)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, call))
  tally.unanswered(requests)
  return tally
}

type Caller = Pick<RunOptions, 'seed' | 'onBreak' | 'signal'> & { tally: Tally }

/** One caller's request. */
async function one(index: number, provider: Provider, reference: Provider, caller: Caller): Promise<void> {
  const { seed, onBreak, signal, tally } = caller
  const request = questionOf(seed, index)
  const onAttempt = (report: AttemptReport): void => {
    tally.attempt(report)
  }
  let whole: { text: string; tokens: number } | undefined
  try {
    whole = await wholeAnswer(reference, request, signal)
    tally.tokens.needed += whole.tokens
    const startedAt = performance.now()
    const answer = await read(provider.stream(request, { signal, onAttempt }), mannerOf(index, onBreak))
    tally.answer(index, wrongWith(answer, whole.text), performance.now() - startedAt)
  } catch (error) {
    // No member has anything to add to a text that is whole: that it is, only its reader can tell.
    const continues = error instanceof ChatError && [onBreak].flat().includes('continue')
    if (continues && partialOf(error)?.text === whole?.text) tally.lostItsEnd()
    else tally.failed(index, error)
  }
}

/** Callers take turns between three ways of reading. A reader of text alone cannot undo a restarted answer. */
function mannerOf(index: number, onBreak: RunOptions['onBreak']): Manner {
  const manner = (['events', 'collect', 'texts'] as const)[index % 3] ?? 'events'
  return manner === 'texts' && [onBreak].flat().includes('restart') ? 'events' : manner
}

async function wholeAnswer(
  reference: Provider,
  request: ReturnType<typeof questionOf>,
  signal: AbortSignal,
): Promise<{ text: string; tokens: number }> {
  let [text, tokens] = ['', 0]
  // In one piece, because the reference is called as often as the group.
  for await (const event of reference.stream({ ...request, stream: false }, { signal })) {
    if (event.type === 'text') text += event.text
    if (event.type === 'finish') tokens = event.usage?.outputTokens ?? 0
  }
  if (text === '' || tokens === 0) throw new Error(`the reference has no answer to ${JSON.stringify(request.messages)}`)
  return { text, tokens }
}
