/** What of a request has not arrived in another dialect, though nothing says so. */

import { isDeepStrictEqual } from 'node:util'
import type { ChatRequest, Message, Tool } from '@rivulet/core'
import { partsOf } from '@rivulet/core/provider'

/** Compared one by one; in `dropped` each has its own name. */
const SETTINGS = [
  'temperature',
  'topP',
  'topK',
  'maxTokens',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'toolChoice',
  'parallelToolCalls',
  'responseFormat',
  'reasoning',
] as const satisfies readonly (keyof ChatRequest)[]

/**
 * Names what a server half had read, and the server half of the endpoint does not. Where a text is placed is the dialects' own
 * affair, but it must be there.
 */
export function losses(received: ChatRequest, arrived: ChatRequest, dropped: readonly string[]): string[] {
  const isNamed = (name: string): boolean => dropped.some((each) => each === name || each.startsWith(`${name}:`))
  const settings = SETTINGS.filter((name) => received[name] !== undefined && !isNamed(name)).filter(
    (name) => !isDeepStrictEqual(received[name], arrived[name]),
  )
  const all = textsOf(arrived.messages).join('\n')
  const texts = textsOf(received.messages).filter((text) => text.trim() !== '' && !all.includes(text.trim()))
  const roles = new Set(
    received.messages
      .filter((message) => texts.some((text) => textsOf([message]).includes(text)))
      .map(({ role }) => role),
  )
  const missing = received.tools?.filter((tool) => !hasTool(arrived.tools ?? [], tool, isNamed('schema'))) ?? []
  return [
    ...settings,
    ...[...roles].map((role) => `a text of the role ${role}`),
    ...missing.map((tool) => `the tool ${tool.type === 'native' ? String(tool.value.type) : tool.name}`),
    ...(isDeepStrictEqual(callsIn(received.messages), callsIn(arrived.messages)) ? [] : ['a call']),
    ...(mediaIn(received.messages).every((url) => mediaIn(arrived.messages).includes(url))
      ? []
      : ['an image or a file']),
    ...(thoughtsIn(received.messages) > thoughtsIn(arrived.messages) &&
    !dropped.some((each) => each.startsWith('reasoning '))
      ? ['a thought']
      : []),
  ]
}

interface Part {
  type: string
  text?: string
  url?: string
}

const partsIn = (messages: readonly Message[]): Part[] =>
  messages.flatMap((message): readonly Part[] =>
    message.role === 'system' ? [{ type: 'text', text: message.content }] : partsOf(message),
  )

const textsOf = (messages: readonly Message[]): string[] =>
  partsIn(messages).flatMap((part) => (part.type === 'text' && part.text !== undefined ? [part.text] : []))

/** The addresses of images and files. */
export const mediaIn = (messages: readonly Message[]): string[] =>
  partsIn(messages).flatMap((part) => (part.url === undefined ? [] : [part.url]))

const thoughtsIn = (messages: readonly Message[]): number =>
  partsIn(messages).filter(({ type }) => type === 'reasoning').length

/** Names and inputs; of a text that went as JSON, the text. */
const callsIn = (messages: readonly Message[]): unknown[] =>
  messages.flatMap((message) =>
    (message.role === 'assistant' ? partsOf(message) : []).flatMap((part) => {
      if (part.type !== 'tool-call') return []
      if (part.format === 'text') return [[part.name, { input: part.input }]]
      return [[part.name, JSON.parse(part.input) as unknown]]
    }),
  )

function hasTool(tools: readonly Tool[], wanted: Tool, isCut: boolean): boolean {
  if (wanted.type === 'native') return tools.some((tool) => isDeepStrictEqual(tool, wanted))
  const found = tools.find((tool) => tool.type !== 'native' && tool.name === wanted.name)
  if (found === undefined || found.type === 'native') return false
  if (!(found.description ?? '').includes(wanted.description ?? '')) return false
  if (wanted.type === 'text' || found.type === 'text') return true
  return isCut || wanted.parameters === undefined || isDeepStrictEqual(found.parameters, wanted.parameters)
}
