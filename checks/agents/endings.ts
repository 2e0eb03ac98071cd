/** Faults of the simulator that are made of an answer in an agent's own dialect. */

import { collect, type ChatEvent } from '@rivulet/core'
import type { DialectSides } from '@rivulet/dialects/dialects'
import { recordingTransport } from '@rivulet/dialects/recording'
import type { Fault, Simulator } from '@rivulet/simulator'
import { inputOf } from './agents.ts'
import { cutInsideCall } from './cut.ts'
import { COUNT } from './tasks.ts'
import type { About } from './upstream.ts'

/** Makes the fault of the first member, which is given. */
export type MakeFault = (about: About & { sim: Simulator }) => Promise<Fault> | Fault | undefined

const USAGE = { inputTokens: 900, outputTokens: 9, source: 'reported' } as const

/** The whole answer and its end mark, but no reason. */
export const withoutFinishReason: MakeFault = async ({ sides, sim }) => {
  const write = await writerOf(sides, sim)
  const text = write([
    { type: 'text', text: COUNT.answer },
    { type: 'finish', reason: 'stop', usage: USAGE },
  ])
  return asBody(WITHOUT_REASON[sides.simulated](text))
}

/** Takes the finish reason out of a streamed answer, and leaves its end mark. */
const WITHOUT_REASON: Readonly<Record<DialectSides['simulated'], (text: string) => string>> = {
  openai: (text) => text.replace('"finish_reason":"stop"', '"finish_reason":null'),
  // One event has both: here the answer's item has no end of its own.
  'openai-responses': (text) =>
    frames(text)
      .filter((frame) => !/^event: \S+\.done$/m.test(frame))
      .join(''),
  anthropic: (text) =>
    frames(text)
      .filter((frame) => !frame.includes('"message_delta"'))
      .join(''),
  google: (text) => text.replace(/"finishReason":"STOP",?/, ''),
}

/** Of a call of a tool that the agent has, where it reads a file. */
export const cutInCall: MakeFault = async ({ agent, sides, folder, sim }) => {
  const call = agent.turns[0]?.[0]
  if (call === undefined) throw new Error(`${agent.name} calls no tool`)
  const format = typeof call.input(folder) === 'string' ? 'text' : 'json'
  const whole: ChatEvent[] = [
    { type: 'tool-call', id: 'call_1', name: call.tool, format },
    { type: 'tool-input', id: 'call_1', text: inputOf(call, folder) },
    { type: 'finish', reason: 'tool-calls', usage: USAGE },
  ]
  return asBody(cutInsideCall(await writerOf(sides, sim), whole))
}

const frames = (text: string): string[] => text.split(/(?<=\n\n)/)

/** The simulator sends this text and ends the body. */
const asBody = (body: string): Fault => ({
  kind: 'status',
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body,
})

/** Writes answers as our server half of the dialect does. */
async function writerOf(sides: DialectSides, sim: Simulator): Promise<(events: readonly ChatEvent[]) => string> {
  const { transport, requests } = recordingTransport()
  const baseUrl = sim.baseUrl(sides.simulated)
  const provider = sides.provider({ apiKey: 'key-of-the-check', baseUrl, transport })
  await collect(provider.stream({ model: sides.model, messages: [{ role: 'user', content: COUNT.prompt }] }))
  const [sent] = requests
  if (typeof sent?.body !== 'string') throw new Error(`${sides.name}: nothing was sent`)
  const { pathname, searchParams } = new URL(sent.url)
  const path = pathname.slice(new URL(baseUrl).pathname.length)
  const call = sides.server.read({ path, query: Object.fromEntries(searchParams), body: sent.body })
  const answer = { id: 'answer_1', created: 1_700_000_000, model: sides.model }
  return (events) => call.answer(answer).write([{ type: 'start', provider: 'script', model: sides.model }, ...events])
}
