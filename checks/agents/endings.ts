/** The ways in which the broken member's answers end, each a fault of the simulator. */

import { collect, type ChatEvent } from '@rivulet/core'
import type { DialectSides } from '@rivulet/dialects/dialects'
import { recordingTransport } from '@rivulet/dialects/recording'
import type { Fault, Simulator } from '@rivulet/simulator'
import type { Agent } from './agents.ts'

export interface Ending {
  /** For `--row`, and for people after "an answer that …". */
  name: string
  /** It comes before the first content, so that a group moves on unseen whatever is held. */
  isBeforeContent: boolean
  fault: (about: About) => Promise<Fault> | Fault
}

/** What an ending is made for. */
export interface About {
  agent: Agent
  sides: DialectSides
  /** The agent's work folder. */
  folder: string
  /** The broken member. */
  sim: Simulator
}

const after = (name: string, fault: Ending['fault']): Ending => ({ name, isBeforeContent: false, fault })
const before = (name: string, fault: Fault): Ending => ({ name, isBeforeContent: true, fault: () => fault })

export const ENDINGS: readonly Ending[] = [
  after('ends cleanly without its end mark', () => ({ kind: 'truncate' })),
  after('ends with its mark without a finish reason', withoutFinishReason),
  after('is reset', () => ({ kind: 'reset-mid-stream' })),
  after('has an error of the dialect inside', () => ({ kind: 'error-mid-stream' })),
  after("is cut inside a tool call's arguments", cutInsideCall),
  before('never begins: 503', { kind: 'status', status: 503 }),
  before('never begins: 429, retry-after: 1', { kind: 'retry-after' }),
  before('never begins: 402', { kind: 'status', status: 402 }),
]

/** The simulator's answer to `count to 5`. */
export const ANSWER = '1, 2, 3, 4, 5.'

const USAGE = { inputTokens: 900, outputTokens: 9, source: 'reported' } as const

async function withoutFinishReason({ sides, sim }: About): Promise<Fault> {
  const text = await written(sides, sim, [
    { type: 'text', text: ANSWER },
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
async function cutInsideCall({ agent, sides, folder, sim }: About): Promise<Fault> {
  const call = agent.turns[0]?.[0]
  if (call === undefined) throw new Error(`${agent.name} calls no tool`)
  const input = call.input(folder)
  const json = typeof input === 'string' ? input : JSON.stringify(input)
  const half = json.slice(0, json.lastIndexOf('.txt'))
  const start = {
    type: 'tool-call',
    id: 'call_1',
    name: call.tool,
    format: typeof input === 'string' ? 'text' : 'json',
  }
  const cut = await written(sides, sim, [start as ChatEvent, { type: 'tool-input', id: 'call_1', text: half }])
  if (cut.includes(call.tool)) return asBody(cut)
  // Gemini has a call in one event: the cut is inside it.
  const whole = await written(sides, sim, [
    start as ChatEvent,
    { type: 'tool-input', id: 'call_1', text: json },
    { type: 'finish', reason: 'tool-calls', usage: USAGE },
  ])
  return asBody(whole.slice(0, whole.lastIndexOf('.txt')))
}

const frames = (text: string): string[] => text.split(/(?<=\n\n)/)

/** The simulator sends this text and ends the body. */
const asBody = (body: string): Fault => ({
  kind: 'status',
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body,
})

/** Events as our server half of the dialect writes them. */
async function written(sides: DialectSides, sim: Simulator, events: readonly ChatEvent[]): Promise<string> {
  const { transport, requests } = recordingTransport()
  const baseUrl = sim.baseUrl(sides.simulated)
  const provider = sides.provider({ apiKey: 'key-of-the-check', baseUrl, transport })
  await collect(provider.stream({ model: sides.model, messages: [{ role: 'user', content: 'count to 5' }] }))
  const [sent] = requests
  if (typeof sent?.body !== 'string') throw new Error(`${sides.name}: nothing was sent`)
  const { pathname, searchParams } = new URL(sent.url)
  const path = pathname.slice(new URL(baseUrl).pathname.length)
  const call = sides.server.read({ path, query: Object.fromEntries(searchParams), body: sent.body })
  const writer = call.answer({ id: 'answer_1', created: 1_700_000_000, model: sides.model })
  return writer.write([{ type: 'start', provider: 'script', model: sides.model }, ...events])
}
