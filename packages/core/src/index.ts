/** The first entry point: what users of providers call. Authors of providers and layers import `@rivulet/core/provider` too. */

export type { Clock } from './async/clock.ts'
export type {
  AssistantMessage,
  AssistantPart,
  CacheMark,
  ChatEvent,
  ChatRequest,
  ChatResult,
  Dialect,
  FilePart,
  FinishReason,
  FrameLabel,
  FunctionTool,
  ImagePart,
  Message,
  NativePart,
  NativeRequest,
  NativeTool,
  Origin,
  Part,
  ReasoningEffort,
  ReasoningPart,
  ResponseFormat,
  SystemMessage,
  TextPart,
  TextTool,
  Tool,
  ToolCallPart,
  ToolChoice,
  ToolMessage,
  ToolPart,
  Usage,
  UserMessage,
  UserPart,
} from './chat.ts'
export type { Setting } from './check/settings.ts'
export type { ErrorCode } from './error-codes.ts'
export { ChatError, type ChatErrorDetails } from './errors.ts'
export type { RecordedChunk, RecordedExchange } from './http/exchange-recorder.ts'
export type { ProviderOptions } from './http/http-provider.ts'
export { deadlines } from './layers/deadlines.ts'
export type { Deadlines } from './layers/limits.ts'
export { type Observation, observe, type ObserveOptions } from './layers/observe.ts'
export { recordExchanges, type RecordExchangesOptions } from './layers/record-exchanges.ts'
export { retry, type RetryOptions } from './layers/retry.ts'
export { withModel } from './layers/with-model.ts'
export {
  type Chat,
  chat,
  type ChatOptions,
  type ObjectOptions,
  type Run,
  type RunOptions,
  type RunResult,
  type SnapshotOptions,
  type TextStream,
} from './plain/chat.ts'
export type { Question } from './plain/question.ts'
export type { PartialObject, Snapshot } from './plain/snapshots.ts'
export type { SteadyOptions } from './plain/steady.ts'
export type { TypedOptions } from './plain/typed.ts'
export {
  type AttemptReport,
  type CallOptions,
  type ContentType,
  type Credential,
  describeProvider,
  type EmbedRequest,
  type EmbedResult,
  type Layer,
  type Model,
  type ModelName,
  type OnBreak,
  pipe,
  type Prefill,
  type Price,
  type Provider,
  type ProviderInfo,
  type ProviderWith,
  type Unsupported,
} from './provider.ts'
export { collect, textOf, toMessage } from './reading/collect.ts'
export { cost } from './reading/cost.ts'
export { partialOf } from './reading/partial.ts'
export { chatRequest, type ChatRequestOptions } from './web/chat-request.ts'
export { fromResponse, type FromResponseOptions } from './web/from-response.ts'
export { remote, type RemoteOptions } from './web/remote.ts'
export { toReadableStream } from './web/to-readable-stream.ts'
export { toResponse, type ToResponseOptions } from './web/to-response.ts'
export { type RunToolsOptions, runTools, type ToolRun } from './tools/run-tools.ts'
export type { ToolRunEvent } from './tools/tool-rounds.ts'
export type { StandardSchema } from './tools/standard-schema.ts'
export {
  type RunnableTool,
  tool,
  type ToolContent,
  toolContent,
  type ToolContext,
  type ToolImplementation,
} from './tools/tool.ts'
export type { HttpRequest, HttpResponse, Transport, TransportOptions } from './transport.ts'
