import type { DecodedEvent } from '@rivulet/core/provider'
import type { Decoded } from '@rivulet/testkit'
import { ToolCalls } from '../../src/client/tool-calls.ts'
import { chunk } from './decoding.ts'

/** A fragment of a tool call, as servers send it. */
export interface Fragment {
  index?: number | string
  id?: string
  function?: { name?: string; arguments?: unknown }
  name?: string
  arguments?: unknown
}

/** A delta with these fragments. */
export const calling = (...fragments: (Fragment | null)[]): object => chunk({ tool_calls: fragments })

/** The calls of an answer in the order of their names, with their arguments parsed. */
export function callsOf({ events, failure }: Decoded): [name: string, args: unknown][] {
  if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`)
  const calls = new Map<string, { name: string; json: string }>()
  for (const event of events) {
    if (event.type === 'tool-call') {
      if (calls.has(event.id)) throw new Error(`two calls have the id ${event.id}`)
      calls.set(event.id, { name: event.name, json: '' })
    } else if (event.type === 'tool-input') {
      const call = calls.get(event.id)
      if (call === undefined) throw new Error(`arguments of no call: ${event.id}`)
      call.json += event.text
    }
  }
  return [...calls.values()].map(({ name, json }) => [name, JSON.parse(json === '' ? '{}' : json)])
}

export const piece = (json: unknown, rest: Omit<Fragment, 'function'> = {}): Fragment => ({
  ...rest,
  function: { arguments: json },
})
export const named = (name: string, json?: unknown, rest: Omit<Fragment, 'function'> = {}): Fragment => ({
  ...rest,
  function: { name, ...(json !== undefined && { arguments: json }) },
})

/** The calls whose fragments come each in a delta of its own. */
export function callsFrom(...fragments: Fragment[]): ReturnType<typeof callsOf> {
  const events: DecodedEvent[] = []
  const calls = new ToolCalls((event) => events.push(event))
  for (const fragment of fragments) calls.add({ tool_calls: [fragment] })
  calls.end()
  return callsOf({ events })
}
