import { toUIMessageStream } from '@rivulet/ai-sdk'
import type { Provider } from '@rivulet/core'
import { generateText, isStepCount, type LanguageModel, readUIMessageStream, streamText, tool } from 'ai'
import { z } from 'zod'

/** What a user has at the end of a call. */
export interface Seen {
  text: string
  failed: boolean
  /** What the answer says of its end; absent where it has none. */
  finish?: string | undefined
  /** How often the tool has run. */
  ran: number
}

/** A call of ai, as its pages show it. */
export type Call = (model: LanguageModel, timeout: Timeout | undefined) => Promise<Seen>

/** The limits that ai itself has. */
interface Timeout {
  totalMs: number
  firstChunkMs: number
  chunkMs: number
}

const prompt = 'Why is the sky blue?'
const toolPrompt = 'Call the weather tool'

const limited = (timeout: Timeout | undefined) => (timeout === undefined ? {} : { timeout })

function weather(): { tools: { weather: ReturnType<typeof weatherTool> }; runs: () => number } {
  let ran = 0
  return { tools: { weather: weatherTool(() => ran++) }, runs: () => ran }
}

const weatherTool = (onRun: () => void) =>
  tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => {
      onRun()
      return `sunny in ${city}`
    },
  })

export const stream: Call = async (model, timeout) => {
  const seen: Seen = { text: '', failed: false, ran: 0 }
  const answer = streamText({ model, prompt, ...limited(timeout), onError: () => undefined })
  try {
    for await (const part of answer.stream) {
      if (part.type === 'text-delta') seen.text += part.text
      if (part.type === 'error' || part.type === 'abort') seen.failed = true
      if (part.type === 'finish') seen.finish = part.finishReason
    }
  } catch {
    seen.failed = true
  }
  return seen
}

export const generate: Call = async (model, timeout) => {
  try {
    const { text, finishReason: finish } = await generateText({ model, prompt, ...limited(timeout) })
    return { text, failed: false, finish, ran: 0 }
  } catch {
    return { text: '', failed: true, ran: 0 }
  }
}

export const loop: Call = async (model, timeout) => {
  const { tools, runs } = weather()
  try {
    const asked = { model, prompt: toolPrompt, tools, ...limited(timeout), stopWhen: isStepCount(3) }
    const { text, finishReason: finish } = await generateText(asked)
    return { text, failed: false, finish, ran: runs() }
  } catch {
    return { text: '', failed: true, ran: runs() }
  }
}

/** What a page with `useChat` has drawn at the end. */
export const page = async (provider: Provider, model: string): Promise<Seen> => {
  const messages = [{ role: 'user', content: prompt }] as const
  const chunks = toUIMessageStream(provider.stream({ model, messages }, { onBreak: 'restart' }))
  const seen: Seen = { text: '', failed: false, ran: 0 }
  const onError = (): void => {
    seen.failed = true
  }
  for await (const { parts } of readUIMessageStream({ stream: chunks, onError })) {
    seen.text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  }
  return seen
}
