/**
 * The body of each vendor's request, as the vendor describes it. No package contains the OpenAPI documents; the clients
 * are generated from them, so their types say the same. Types only: `../described.ts` makes JSON Schemas of them.
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
 * The client speaks version 2026-10-21, which has no sampling fields; ours speaks 2023-06-01.
 * https://platform.claude.com/docs/en/api/versioning (2026-11-20)
 */
export type Anthropic = MessageCreateParamsBase & { temperature?: number; top_p?: number }

/** `@google/genai` takes everything but the contents in one `config`, and sends this, the form of its REST reference. */
export interface Google {
  contents: Content[]
  systemInstruction?: Content
  tools?: Tool[]
  toolConfig?: ToolConfig
  safetySettings?: SafetySetting[]
  generationConfig?: GenerationConfig
  cachedContent?: string
}

/** The client's types are written by hand and lag behind the server's (`api/types.go`), where calls have ids and schemas are open. */
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

/** DeepSeek publishes no client: OpenAI's description, with the fields that its documentation adds. https://api-docs.deepseek.com (2026-11-20) */
export type Deepseek = Omit<OpenaiChat, 'messages'> & {
  messages: (ChatCompletionMessageParam | (ChatCompletionAssistantMessageParam & { reasoning_content?: string }))[]
  thinking?: { type: 'enabled' | 'disabled' }
}

/** xAI publishes no client either, and documents OpenAI's. https://docs.x.ai/docs/api-reference (2026-11-20) */
export type Xai = OpenaiChat
