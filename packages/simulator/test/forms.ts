import type { ReplyShape } from '../src/fault.ts'
import type { DialectId, Simulator } from '../src/index.ts'
import { validRequest, type ValidRequest } from './client.ts'

/** The answer formats of the simulator, each with a request that selects it. */
export interface Form extends ReplyShape {
  readonly dialect: DialectId
}

const original: readonly Form[] = [
  { dialect: 'lockchat', framing: 'sse', endMark: true, tools: true },
  { dialect: 'gravityengine', framing: 'sse', endMark: true, tools: true },
  { dialect: 'gravityengine', framing: 'lines', endMark: false, tools: false },
  { dialect: 'gravityengine', framing: 'document', endMark: true, tools: true },
  { dialect: 'liaobots', framing: 'text', endMark: false, tools: false },
]

/** The same for the vendors' dialects, each as a stream and as one document. */
const vendors: readonly Form[] = [
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

/** For `test.each`: a name and the format. */
const named = (list: readonly Form[]) => list.map((form) => [`${form.dialect} as ${form.framing}`, form] as const)

export const forms = named(original)
export const vendorForms = named(vendors)

const variants = { sse: 'sse', lines: 'lines', document: 'json', text: undefined } as const

export function requestFor(sim: Simulator, { dialect, framing }: Form, prompt = 'count to 9'): ValidRequest {
  if (dialect === 'gravityengine') sim.variant(dialect, variants[framing])
  const request = validRequest(sim, dialect, prompt)
  if (framing !== 'document' || dialect === 'gravityengine') return request
  if (dialect === 'google')
    return { ...request, path: request.path.replace('stream', '').replace('G', 'g').split('?')[0] ?? '' }
  return { ...request, body: { ...request.body, stream: false } }
}
