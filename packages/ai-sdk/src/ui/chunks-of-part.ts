import type { LanguageModelV4File, LanguageModelV4ReasoningFile, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { parseJson } from '@rivulet/core/provider'
import { base64 } from '../sdk-json.ts'
import type { UIChunk } from './chunk.ts'

/** A stream part as chunks for a page; its start, its end and its failure are written by the writer of the whole. */
export function chunksOfPart(part: LanguageModelV4StreamPart): UIChunk[] {
  switch (part.type) {
    case 'text-start':
    case 'text-delta':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-delta':
    case 'reasoning-end':
    case 'custom':
      return [part]
    case 'tool-input-start': {
      const { type, id: toolCallId, toolName, inputEncoding } = part
      return [{ type, toolCallId, toolName, ...(inputEncoding && { inputEncoding }) }]
    }
    case 'tool-input-delta':
      return [{ type: part.type, toolCallId: part.id, inputTextDelta: part.delta }]
    case 'tool-call': {
      const { input, ...call } = part
      return [{ ...call, type: 'tool-input-available', input: parseJson(input) ?? input }]
    }
    case 'tool-result': {
      const { toolCallId, result, isError } = part
      const whose = { toolCallId, providerExecuted: true }
      if (isError !== true) return [{ type: 'tool-output-available', ...whose, output: result }]
      return [
        {
          type: 'tool-output-error',
          ...whose,
          errorText: typeof result === 'string' ? result : JSON.stringify(result),
        },
      ]
    }
    case 'tool-approval-request': {
      const { type, approvalId, toolCallId } = part
      return [{ type, approvalId, toolCallId }]
    }
    case 'file':
    case 'reasoning-file': {
      const { type, mediaType, providerMetadata } = part
      return [{ type, mediaType, url: urlOf(part), ...(providerMetadata && { providerMetadata }) }]
    }
    case 'source': {
      const { type: _type, sourceType, id: sourceId, ...source } = part
      if ('url' in source) return [{ type: 'source-url', sourceId, ...source }]
      return sourceType === 'document' ? [{ type: 'source-document', sourceId, ...source }] : []
    }
    case 'tool-input-end':
    case 'stream-start':
    case 'response-metadata':
    case 'raw':
    case 'ping':
    case 'error':
    case 'finish':
      return []
  }
}

function urlOf({ mediaType, data }: LanguageModelV4File | LanguageModelV4ReasoningFile): string {
  if (data.type === 'url') return data.originalUrl ?? data.url.href
  return `data:${mediaType};base64,${typeof data.data === 'string' ? data.data : base64(data.data)}`
}
