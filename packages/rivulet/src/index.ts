/** One import: all of @rivulet/core that callers use, all of @rivulet/router, and every provider. */

export {
  ChatError,
  collect,
  cost,
  deadlines,
  describeProvider,
  observe,
  partialOf,
  pipe,
  recordExchanges,
  retry,
  runTools,
  textOf,
  toMessage,
  tool,
  toolContent,
  toReadableStream,
  toResponse,
  withModel,
} from '@rivulet/core'
export type {
  AssistantMessage,
  AssistantPart,
  AttemptReport,
  CacheMark,
  CallOptions,
  ChatErrorDetails,
  ChatEvent,
  ChatRequest,
  ChatResult,
  Clock,
  Deadlines,
  Dialect,
  EmbedRequest,
  EmbedResult,
  ErrorCode,
  FilePart,
  FinishReason,
  FunctionTool,
  HttpRequest,
  HttpResponse,
  ImagePart,
  Layer,
  Message,
  Model,
  NativePart,
  NativeRequest,
  NativeTool,
  Observation,
  ObserveOptions,
  OnBreak,
  Origin,
  Part,
  Price,
  Provider,
  ProviderInfo,
  ProviderOptions,
  ReasoningEffort,
  ReasoningPart,
  RecordedChunk,
  RecordedExchange,
  RecordExchangesOptions,
  ResponseFormat,
  RetryOptions,
  RunnableTool,
  RunToolsOptions,
  Setting,
  StandardSchema,
  SystemMessage,
  TextPart,
  TextTool,
  Tool,
  ToolCallPart,
  ToolChoice,
  ToolContext,
  ToolMessage,
  ToolPart,
  ToolRun,
  ToolRunEvent,
  ToResponseOptions,
  Transport,
  TransportOptions,
  Unsupported,
  Usage,
  UserMessage,
  UserPart,
} from '@rivulet/core'
export { anthropic, type AnthropicOptions } from '@rivulet/provider-anthropic'
export { deepseek, type DeepseekOptions } from '@rivulet/provider-deepseek'
export { google, type GoogleOptions } from '@rivulet/provider-google'
export { gravityengine, type GravityengineOptions } from '@rivulet/provider-gravityengine'
export { groq, type GroqOptions } from '@rivulet/provider-groq'
export { liaobots, type LiaobotsModel, type LiaobotsOptions } from '@rivulet/provider-liaobots'
export { lockchat, type LockchatOptions } from '@rivulet/provider-lockchat'
export { mistral, type MistralOptions } from '@rivulet/provider-mistral'
export { ollama } from '@rivulet/provider-ollama'
export { openai, type OpenaiOptions } from '@rivulet/provider-openai'
export { openaiCompatible, type OpenaiCompatibleOptions } from '@rivulet/provider-openai-compatible'
export { openrouter, type OpenrouterOptions } from '@rivulet/provider-openrouter'
export { xai, type XaiOptions } from '@rivulet/provider-xai'
export {
  balance,
  circuitBreaker,
  failover,
  handOff,
  hedge,
  keys,
  leased,
  memoryBreakerStore,
  route,
} from '@rivulet/router'
export type {
  Aliases,
  BalanceOptions,
  BreakerOptions,
  BreakerState,
  BreakerStore,
  FailoverOptions,
  GroupOptions,
  HedgeOptions,
  ModelDirectory,
  ModelRoute,
  Policy,
  ReadonlyCandidates,
  Receiver,
  RouteOptions,
  Routes,
  ToolCallIds,
} from '@rivulet/router'
export { type ServedModel } from './catalog.ts'
export { KNOWN_PROVIDERS, type KnownProvider, providersFromEnv } from './known-providers.ts'
export { type Question, rivulet, type Rivulet, type RivuletOptions } from './rivulet.ts'
