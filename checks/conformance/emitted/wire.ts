/**
 * What each vendor's endpoint sends, as the types of its client describe it. Types only: `../described.ts` makes JSON Schemas of
 * them.
 */

import type { Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { ModelInfo } from '@anthropic-ai/sdk/resources/models'
import type { ErrorResponse } from '@anthropic-ai/sdk/resources/shared'
import type { ContentEmbedding, GenerateContentResponse, Model as GeminiModel } from '@google/genai'
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions/completions'
import type { CreateEmbeddingResponse } from 'openai/resources/embeddings'
import type { Model } from 'openai/resources/models'
import type { Response, ResponseError, ResponseStreamEvent, ResponseUsage } from 'openai/resources/responses/responses'
import type { ErrorObject } from 'openai/resources/shared'

export type ChatDocument = ChatCompletion

/** An error inside a stream has no type of its own: it has the form of the document. */
export type ChatFrame = ChatCompletionChunk | OpenaiError

export interface OpenaiError {
  error: ErrorObject
}

export type OpenaiVectors = CreateEmbeddingResponse

/** The three lists of models are one document; each client reads its own fields. */
export interface OpenaiModels {
  object: 'list'
  data: Model[]
}

export type OpenaiModel = Model

/**
 * `output_text` is the client's own. The endpoint sends null where its types know no value, as recorded streams show, and codes
 * that they do not know: Codex acts on `context_length_exceeded` and `insufficient_quota` (2026-11-28).
 */
export interface ResponsesDocument extends Omit<Response, 'output_text' | 'usage' | 'user' | 'error'> {
  usage?: ResponseUsage | null
  user?: string | null
  error: (Omit<ResponseError, 'code'> & { code: string | null }) | null
}

export type ResponsesFrame = WithDocument<ResponseStreamEvent>

type WithDocument<Frame> = Frame extends { response: Response }
  ? Omit<Frame, 'response'> & { response: ResponsesDocument }
  : Frame

export type MessagesDocument = Message

/**
 * The client's types leave `ping` out, and an error inside a stream names no request.
 * https://platform.claude.com/docs/en/build-with-claude/streaming (2026-11-28)
 */
export type MessagesFrame = RawMessageStreamEvent | Omit<ErrorResponse, 'request_id'> | { type: 'ping' }

/** The client has no type for what its documentation lists. https://platform.claude.com/docs/en/api/errors (2026-11-28) */
export type MessagesError =
  | ErrorResponse
  | (Omit<ErrorResponse, 'error'> & { error: { type: 'request_too_large'; message: string } })

export interface MessagesModels {
  data: ModelInfo[]
  has_more: boolean
  first_id: string | null
  last_id: string | null
}

export type MessagesModel = ModelInfo

/** What the class has besides is the client's own. */
export type GeminiDocument = Pick<
  GenerateContentResponse,
  'candidates' | 'createTime' | 'modelVersion' | 'promptFeedback' | 'responseId' | 'usageMetadata' | 'modelStatus'
>

export type GeminiFrame = GeminiDocument | GeminiError

/** https://google.aip.dev/193 (2026-11-28): the client has no type for it. */
export interface GeminiError {
  error: { code: number; message: string; status: string; details?: Record<string, unknown>[] }
}

/** The client renames `supportedGenerationMethods` of the REST reference. */
export interface GeminiModels {
  models: GeminiWireModel[]
  nextPageToken?: string
}

export type GeminiWireModel = Omit<GeminiModel, 'supportedActions'> & {
  name: string
  supportedGenerationMethods?: string[]
}

/** The client makes a list of both. */
export interface GeminiVector {
  embedding: ContentEmbedding
}

export interface GeminiVectors {
  embeddings: ContentEmbedding[]
}
