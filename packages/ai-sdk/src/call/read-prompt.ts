import type {
  LanguageModelV4Message,
  LanguageModelV4ToolApprovalResponsePart,
  LanguageModelV4ToolResultPart,
  SharedV4Warning,
} from '@ai-sdk/provider'
import type { Message, NativePart, Provider, ToolMessage, ToolPart, UserPart } from '@rivulet/core'
import { extraKeys } from '@rivulet/core/provider'
import { DIALECT } from '../native.ts'
import { toJson } from '../sdk-json.ts'
import { readFile } from './read-files.ts'
import { cacheOf } from './read-options.ts'
import { readTurn } from './read-turn.ts'

type MessageOf<Role extends LanguageModelV4Message['role']> = Extract<LanguageModelV4Message, { role: Role }>

/** The messages of a prompt. A tool message of theirs may have several results; each of ours has one. */
export function readPrompt(
  provider: Provider,
  prompt: readonly LanguageModelV4Message[],
  textTools: ReadonlySet<string>,
  warnings: SharedV4Warning[],
): Message[] {
  return prompt.flatMap((message): Message[] => {
    switch (message.role) {
      case 'system':
        return [{ role: 'system', content: message.content, ...marked(message) }]
      case 'user':
        return [
          { role: 'user', content: message.content.map((part) => readUserPart(provider, part)), ...marked(message) },
        ]
      case 'assistant':
        return [readTurn(message, textTools)]
      case 'tool':
        return readResults(provider, message, warnings)
    }
  })
}

const marked = (part: object): Pick<ToolMessage, 'cache'> => {
  const cache = 'providerOptions' in part ? cacheOf(part.providerOptions) : undefined
  return cache === undefined ? {} : { cache }
}

function readUserPart(provider: Provider, part: MessageOf<'user'>['content'][number]): UserPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...marked(part) }
    case 'file':
      return readFile(provider, part)
  }
}

function readResults(provider: Provider, message: MessageOf<'tool'>, warnings: SharedV4Warning[]): Message[] {
  const read = message.content.flatMap((part): Message[] =>
    part.type === 'tool-result' ? [readResult(provider, part)] : readDecision(provider, part, warnings),
  )
  const last = read.at(-1)
  if (last?.role === 'tool' || last?.role === 'user') last.cache ??= marked(message).cache
  return read
}

function readResult(provider: Provider, part: LanguageModelV4ToolResultPart): ToolMessage {
  const { toolCallId, output } = part
  const cache = marked(part).cache ?? marked(output).cache
  const result = (content: string | ToolPart[], isError = false): ToolMessage => ({
    role: 'tool',
    toolCallId,
    content,
    ...(isError && { isError }),
    ...(cache !== undefined && { cache }),
  })
  switch (output.type) {
    case 'text':
      return result(output.value)
    case 'json':
      return result(JSON.stringify(output.value))
    case 'error-text':
      return result(output.value, true)
    case 'error-json':
      return result(JSON.stringify(output.value), true)
    case 'execution-denied':
      return result(output.reason ?? 'The user did not allow this call.', true)
    case 'content':
      return result(
        output.value.map((item): ToolPart => {
          switch (item.type) {
            case 'text':
              return { type: 'text', text: item.text, ...marked(item) }
            case 'file':
              return readFile(provider, item)
            case 'custom':
              return { type: 'native', dialect: DIALECT, value: toJson(item) }
          }
        }),
      )
  }
}

/** What the user said of a call that the provider runs: of an AI SDK model, or of the Responses API. */
function readDecision(
  provider: Provider,
  part: LanguageModelV4ToolApprovalResponsePart,
  warnings: SharedV4Warning[],
): Message[] {
  const keys = extraKeys(provider)
  const said = (dialect: string, value: NativePart['value']): Message[] => [
    { role: 'user', content: [{ type: 'native', dialect, value }] },
  ]
  if (keys.includes(DIALECT)) return said(DIALECT, toJson(part))
  const { approvalId, approved, reason } = part
  if (keys.includes('openai-responses')) {
    const decision = { type: 'mcp_approval_response', approval_request_id: approvalId, approve: approved }
    return said('openai-responses', { ...decision, ...(reason !== undefined && { reason }) })
  }
  warnings.push({ type: 'unsupported', feature: 'tool-approval-response' })
  return []
}
