import { ToolCalls } from '../../../src/responses/client/tool-calls.ts'

/** An item of the output, as servers send it: an empty text is a field that is left out. */
export const call = (id: string, name: string, json: unknown = ''): Readonly<Record<string, unknown>> => ({
  ...(id !== '' && { call_id: id }),
  ...(name !== '' && { name }),
  ...(json !== '' && { arguments: json }),
})

/** What is emitted: `id=name` for a call, `id<json` for arguments. The code and the message of an error come last. */
export function emittedBy(use: (calls: ToolCalls) => void): string[] {
  const emitted: string[] = []
  const calls = new ToolCalls((event) => {
    if (event.type === 'tool-call') emitted.push(`${event.id}=${event.name}`)
    else if (event.type === 'tool-input') emitted.push(`${event.id}<${event.text}`)
  })
  try {
    use(calls)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    emitted.push(`${code}: ${message}`)
  }
  return emitted
}

export const differs = (id: string): string =>
  `malformed: the pieces of tool call ${id} differ from the whole that the answer repeats`
