/**
 * What a page sends of a request: `remote()` sends these fields, and `chatRequest()` refuses all others. So the two can't differ.
 *
 * Not among them: `extra` and `native`, native parts and tools, which put anything into the body that goes to the provider, such as
 * the id of a file of the account's; and marks for the cache, which a provider charges for.
 */

import type { ChatRequest, Message, NativePart, NativeTool, Part, Tool } from '../chat.ts'

export const REQUEST = [
  // A server that pays for the answers chooses the model, or lists those that it allows.
  'model',
  'messages',
  'stream',
  'temperature',
  'topP',
  'topK',
  'maxTokens',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  // Those of the page, which runs them itself.
  'tools',
  'toolChoice',
  'parallelToolCalls',
  'responseFormat',
  'reasoning',
  // It names a conversation to the server's groups, and goes nowhere else.
  'session',
] as const satisfies readonly (keyof ChatRequest)[]

export const MESSAGES = {
  system: ['role', 'content'],
  user: ['role', 'content'],
  // Who wrote a turn, and its signatures, come back with the conversation: the provider checks them.
  assistant: ['role', 'content', 'origin'],
  tool: ['role', 'toolCallId', 'content', 'isError'],
} as const satisfies Readonly<Record<Message['role'], readonly string[]>>

export const PARTS = {
  text: ['type', 'text', 'signature'],
  image: ['type', 'url'],
  file: ['type', 'url', 'name'],
  reasoning: ['type', 'text', 'signature', 'sealed', 'id'],
  'tool-call': ['type', 'id', 'name', 'input', 'format', 'signature'],
} as const satisfies Readonly<Record<Exclude<Part, NativePart>['type'], readonly string[]>>

export const TOOLS = {
  function: ['type', 'name', 'description', 'parameters', 'strict'],
  text: ['type', 'name', 'description', 'grammar'],
} as const satisfies Readonly<Record<NonNullable<Exclude<Tool, NativeTool>['type']>, readonly string[]>>
