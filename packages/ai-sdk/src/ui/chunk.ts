import type {
  LanguageModelV4Citation,
  LanguageModelV4FinishReason,
  SharedV4ProviderMetadata as Metadata,
} from '@ai-sdk/provider'

/**
 * What `toUIMessageStream()` writes: those of `UIMessageChunk` of `ai` that an answer or a tool run has. Declared here, so that
 * nothing of `ai` is needed.
 */
export type UIChunk =
  | { type: 'start'; messageId?: string; messageMetadata?: unknown }
  | { type: 'start-step' | 'finish-step' | 'reset-step' }
  | { type: 'text-start' | 'reasoning-start' | 'reasoning-end'; id: string; providerMetadata?: Metadata }
  | { type: 'text-delta' | 'reasoning-delta'; id: string; delta: string; providerMetadata?: Metadata }
  | { type: 'text-end'; id: string; citations?: LanguageModelV4Citation[]; providerMetadata?: Metadata }
  | { type: 'tool-input-start'; toolCallId: string; toolName: string; inputEncoding?: 'json' | 'text' }
  | { type: 'tool-input-delta'; toolCallId: string; inputTextDelta: string }
  | {
      type: 'tool-input-available'
      toolCallId: string
      toolName: string
      input: unknown
      providerExecuted?: boolean
      dynamic?: boolean
      providerMetadata?: Metadata
    }
  | { type: 'tool-approval-request'; approvalId: string; toolCallId: string }
  | { type: 'tool-output-available'; toolCallId: string; output: unknown; providerExecuted?: boolean }
  | { type: 'tool-output-error'; toolCallId: string; errorText: string; providerExecuted?: boolean }
  | { type: 'custom'; kind: `${string}.${string}`; providerMetadata?: Metadata }
  | { type: 'file' | 'reasoning-file'; url: string; mediaType: string; providerMetadata?: Metadata }
  | { type: 'source-url'; sourceId: string; url: string; title?: string; providerMetadata?: Metadata }
  | {
      type: 'source-document'
      sourceId: string
      mediaType: string
      title: string
      filename?: string
      providerMetadata?: Metadata
    }
  | { type: 'error'; errorText: string }
  | { type: 'abort'; reason?: string }
  | { type: 'finish'; finishReason?: LanguageModelV4FinishReason['unified']; messageMetadata?: unknown }
