export { apiKeyHeader, type Authorization, bearer, queryKey } from './http/authorization.ts'
export type {
  AssistantMessage,
  ChatEvent,
  ChatRequest,
  ChatResult,
  FinishReason,
  Message,
  Part,
  ReasoningEffort,
  ResponseFormat,
  SystemMessage,
  Thought,
  Tool,
  ToolCall,
  ToolChoice,
  ToolMessage,
  Usage,
  UserMessage,
} from './chat.ts'
export { checkBaseUrl, checkOptions } from './check/check.ts'
export { ChildAbort } from './async/child-abort.ts'
export { type Clock, sleep, systemClock } from './async/clock.ts'
export { collect, Collector, textOf, toMessage } from './reading/collect.ts'
export { isContent } from './reading/is-content.ts'
export { cost } from './reading/cost.ts'
export { credential, environment } from './http/credential.ts'
export { type DataUrl, readDataUrl } from './dialect/data-url.ts'
export { isErrorBody, readErrorBody, type StatedError } from './dialect/error-body.ts'
export { codeOfStatus, type ErrorCode } from './error-code.ts'
export { ChatError, type ChatErrorDetails } from './errors.ts'
export { detect } from './framing/detect.ts'
export { escaped } from './dialect/json-escape.ts'
export { Envelope, type PieceOfText } from './framing/envelope.ts'
export { json } from './framing/json.ts'
export { ndjson } from './framing/ndjson.ts'
export { sse } from './framing/sse.ts'
export { text } from './framing/text.ts'
export { httpProvider, type HttpProviderSpec, type ProviderOptions } from './http/http-provider.ts'
export { isRecord } from './check/is-record.ts'
export { isCutJson, JsonFrames } from './dialect/json-frames.ts'
export { type Deadlines, deadlines } from './layers/deadlines.ts'
export { model } from './layers/with-model.ts'
export { record, type RecordOptions } from './layers/record-exchanges.ts'
export { type Observation, observe, type ObserveOptions } from './layers/observe.ts'
export { retry, type RetryOptions } from './layers/retry.ts'
export { keepPartial, partialOf } from './reading/partial.ts'
export type { DecodedEvent, EncodedRequest, Frame, Framing, Protocol, Sink } from './protocol.ts'
export {
  type AttemptReport,
  type CallOptions,
  describe,
  type EmbedRequest,
  type EmbedResult,
  type Layer,
  type Model,
  pipe,
  type Price,
  type Provider,
  type ProviderInfo,
} from './provider.ts'
export { type Setting, type SettingName, settings } from './check/settings.ts'
export { type Batches, batchesOf, type ChatStream, chatStream } from './stream.ts'
export { didYouMean } from './check/suggest.ts'
export { type RunToolsOptions, runTools, type ToolRun, type ToolRunEvent } from './tools/run-tools.ts'
export { type RunnableTool, type StandardSchema, tool, type ToolContext } from './tools/tool.ts'
export { toReadableStream, toResponse, type ToResponseOptions } from './reading/to-web.ts'
export { redact } from './http/redact.ts'
export type { RecordedChunk, RecordedExchange } from './http/exchange-recorder.ts'
export { toolArguments } from './dialect/tool-arguments.ts'
export type { HttpRequest, HttpResponse, Transport, TransportOptions } from './transport.ts'
