/** What agents are told to do, and how the endpoint and the screen show whether they have done it. */

import { isDeepStrictEqual } from 'node:util'
import type { ChatRequest } from '@rivulet/core'
import { callsOf } from '@rivulet/core/provider'
import { type Agent, inputOf } from './agents.ts'
import { mediaIn } from './losses.ts'

export interface Task {
  prompt: string
  /** The text of the last answer: the agent shows it, if it has understood all answers. */
  answer: string
  /** The beginning of the answer, which nothing else on the screen has. */
  piece: string
  /** The calls that the endpoint answers with before the last answer. */
  turns: (agent: Agent) => Agent['turns']
}

/** The simulator knows this question, and answers it always alike. */
export const COUNT: Task = { prompt: 'count to 5', answer: '1, 2, 3, 4, 5.', piece: '1, 2', turns: () => [] }

/** Calls of the agent's own tools on a small text and a small picture. */
export const LOOP: Task = {
  prompt: 'Read the notes and the picture of this folder, and say what they show.',
  answer: 'The boat is blue and the dot is small.',
  piece: 'The boat is blue and',
  turns: ({ turns }) => turns,
}

/** What of a task's calls did not come back to the endpoint, by its name: results, the picture. */
export function missingIn(requests: readonly ChatRequest[], turns: Agent['turns']): string[] {
  const calls = turns.flat().length
  const results = Math.max(0, ...requests.map(resultsIn))
  const hasPicture = requests.some(({ messages }) => mediaIn(messages).some((url) => url.startsWith('data:image/')))
  return [
    ...(results < calls ? [`${results} of ${calls} results`] : []),
    ...(calls > 0 && !hasPicture ? ['no picture'] : []),
  ]
}

const resultsIn = ({ messages }: ChatRequest): number => messages.filter(({ role }) => role === 'tool').length

/** How many calls came back that the endpoint has never given whole. */
export function halvesIn(requests: readonly ChatRequest[], turns: Agent['turns'], folder: string): number {
  const whole = turns.flat().map((call) => ({ name: call.tool, input: inputOf(call, folder) }))
  const halves = requests
    .flatMap(({ messages }) => messages.flatMap((message) => (message.role === 'assistant' ? callsOf(message) : [])))
    .filter((came) => !whole.some(({ name, input }) => name === came.name && isSame(input, came.input)))
  return new Set(halves.map(({ name, input }) => `${name} ${input}`)).size
}

/** Agents write arguments in their own way. */
const isSame = (one: string, other: string): boolean => one === other || isDeepStrictEqual(parsed(one), parsed(other))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
