import type { ChatRequest, Message, Part, Tool } from '../chat.ts'
import { hasCacheMarks } from '../dialect/cache-marks.ts'
import { Dropped } from '../dialect/dropped.ts'
import { ChatError } from '../errors.ts'
import { MESSAGES, PARTS, REQUEST, TOOLS } from './page-fields.ts'

/**
 * The body of a request to a server of ours. What it would refuse is left out and named: parts that only one dialect has, and
 * marks for the cache. A field of a message that is the caller's own, such as a date, is left out too.
 *
 * @throws ChatError `unsupported` for a tool that only one dialect has.
 */
export function pageRequest(request: ChatRequest): { body: Record<string, unknown>; dropped: readonly string[] } {
  const dropped = new Dropped()
  if (hasCacheMarks(request)) dropped.add('cache')
  for (const name of request.native?.unnamed ?? []) dropped.add(name)
  const body: Record<string, unknown> = {
    ...picked(request, REQUEST),
    messages: request.messages.flatMap((message) => messageOf(message, dropped) ?? []),
    tools: request.tools?.map(toolOf),
  }
  return { body, dropped: dropped.names }
}

/** A turn that has nothing else than what is left out is left out too. */
function messageOf(message: Message, dropped: Dropped): object | undefined {
  const fields = picked(message, MESSAGES[message.role])
  const { content } = message
  if (typeof content === 'string') return fields
  const parts = content.flatMap((part: Part) => partOf(part, dropped) ?? [])
  return parts.length === 0 && content.length > 0 ? undefined : { ...fields, content: parts }
}

function partOf(part: Part, dropped: Dropped): object | undefined {
  if (part.type !== 'native') return picked(part, PARTS[part.type])
  dropped.add(`native parts of ${part.dialect}`)
  return undefined
}

function toolOf(tool: Tool): object {
  if (tool.type !== 'native') return picked(tool, TOOLS[tool.type ?? 'function'])
  throw new ChatError('unsupported', `tools of ${tool.dialect} are not sent to a server of ours: set them there`)
}

/** In the order of the names: equal requests are equal bytes. */
const picked = (value: object, names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, (value as Readonly<Record<string, unknown>>)[name]]))
