/**
 * The body of each vendor's request, as the vendor describes it. The OpenAPI documents themselves are in no package; the
 * clients are generated from them, so their types say the same. Types only: `described.ts` makes JSON Schemas of them.
 */

import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages'
import type { Content, GenerationConfig, SafetySetting, Tool, ToolConfig } from '@google/genai'
import type { ChatCompletionRequest$Outbound } from '@mistralai/mistralai/models/components/chatcompletionrequest'
import type { EmbeddingRequest$Outbound } from '@mistralai/mistralai/models/components/embeddingrequest'
import type { ChatRequest$Outbound } from '@openrouter/sdk/models/chatrequest'
import type { CreateEmbeddingsRequestBody$Outbound } from '@openrouter/sdk/models/operations/createembeddings'
import type { ChatCompletionCreateParamsBase as GroqParams } from 'groq-sdk/resources/chat/completions'
import type { ChatRequest as OllamaRequest, EmbedRequest, Message as OllamaMessage } from 'ollama'
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionCreateParamsBase,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions/completions'
import type { EmbeddingCreateParams } from 'openai/resources/embeddings'
import type { ResponseCreateParamsBase } from 'openai/resources/responses/responses'

export type OpenaiVectors = EmbeddingCreateParams

export interface OpenaiChat extends ChatCompletionCreateParamsBase {
  stream?: boolean | null
}

export type OpenaiResponses = ResponseCreateParamsBase

/**
 * The client speaks version 2026-10-21, in which sampling is gone; ours speaks 2023-06-01.
 * https://platform.claude.com/docs/en/api/versioning (2026-11-20)
 */
export type Anthropic = MessageCreateParamsBase & { temperature?: number; top_p?: number }

/** `@google/genai` takes all but the contents in one `config`, and sends it as its REST reference has it: like this. */
export interface Google {
  contents: Content[]
  systemInstruction?: Content
  tools?: Tool[]
  toolConfig?: ToolConfig
  safetySettings?: SafetySetting[]
  generationConfig?: GenerationConfig
  cachedContent?: string
}

/** Written by hand, and behind the server's own types (`api/types.go`): calls have ids there, and schemas are open. */
export type Ollama = Omit<OllamaRequest, 'messages' | 'tools'> & {
  messages: (Omit<OllamaMessage, 'tool_calls'> & {
    tool_calls?: { id?: string; function: { name: string; arguments: Record<string, unknown> } }[]
    tool_call_id?: string
  })[]
  tools?: { type: 'function'; function: { name: string; description?: string; parameters: Record<string, unknown> } }[]
}

export type OllamaVectors = EmbedRequest

export type Groq = GroqParams

export type Mistral = ChatCompletionRequest$Outbound

export type MistralVectors = EmbeddingRequest$Outbound

export type Openrouter = ChatRequest$Outbound

export type OpenrouterVectors = CreateEmbeddingsRequestBody$Outbound

/** DeepSeek publishes no client: OpenAI's description, and what its documentation adds. https://api-docs.deepseek.com (2026-11-20) */
export type Deepseek = Omit<OpenaiChat, 'messages'> & {
  messages: (ChatCompletionMessageParam | (ChatCompletionAssistantMessageParam & { reasoning_content?: string }))[]
  thinking?: { type: 'enabled' | 'disabled' }
}

/** Nor does xAI, which documents OpenAI's as its own. https://docs.x.ai/docs/api-reference (2026-11-20) */
export type Xai = OpenaiChat
