import type { Shape } from '../src/fault.ts'
import type { DialectId, Simulator } from '../src/index.ts'
import { valid, type Valid } from './client.ts'

/** Every form of answer that the simulator speaks, each with the request that asks for it. */
export interface Form extends Shape {
  readonly dialect: DialectId
}

const each: readonly Form[] = [
  { dialect: 'lockchat', framing: 'sse', endMark: true, tools: true },
  { dialect: 'gravityengine', framing: 'sse', endMark: true, tools: true },
  { dialect: 'gravityengine', framing: 'lines', endMark: false, tools: false },
  { dialect: 'gravityengine', framing: 'document', endMark: true, tools: true },
  { dialect: 'liaobots', framing: 'text', endMark: false, tools: false },
]

/** The same of the dialects of today, each streamed and in one piece. */
const today: readonly Form[] = [
  { dialect: 'openai', framing: 'sse', endMark: true, tools: true },
  { dialect: 'openai', framing: 'document', endMark: true, tools: true },
  { dialect: 'openai-responses', framing: 'sse', endMark: true, strictEnd: true, tools: true },
  { dialect: 'openai-responses', framing: 'document', endMark: true, tools: true },
  { dialect: 'anthropic', framing: 'sse', endMark: true, strictEnd: true, tools: true },
  { dialect: 'anthropic', framing: 'document', endMark: true, tools: true },
  { dialect: 'google', framing: 'sse', endMark: true, tools: true },
  { dialect: 'google', framing: 'document', endMark: true, tools: true },
  { dialect: 'ollama', framing: 'lines', endMark: true, tools: true },
  { dialect: 'ollama', framing: 'document', endMark: true, tools: true },
]

/** For `test.each`: a name, and the form. */
const named = (list: readonly Form[]) => list.map((form) => [`${form.dialect} as ${form.framing}`, form] as const)

export const forms = named(each)
export const formsOfToday = named(today)

const variants = { sse: 'sse', lines: 'lines', document: 'json', text: undefined } as const

export function asking(sim: Simulator, { dialect, framing }: Form, prompt = 'count to 9'): Valid {
  if (dialect === 'gravityengine') sim.variant(dialect, variants[framing])
  const request = valid(sim, dialect, prompt)
  if (framing !== 'document' || dialect === 'gravityengine') return request
  if (dialect === 'google')
    return { ...request, path: request.path.replace('stream', '').replace('G', 'g').split('?')[0] ?? '' }
  return { ...request, body: { ...request.body, stream: false } }
}
