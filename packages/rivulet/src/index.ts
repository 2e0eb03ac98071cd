export { ChatError, collect, describeProvider, pipe, textOf } from '@rivulet/core'
export type { ChatEvent, ChatRequest, ChatResult, ErrorCode, Message, Provider } from '@rivulet/core'
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
  type Aliases,
  type AttemptReport,
  balance,
  circuitBreaker,
  failover,
  type FailoverOptions,
  type GroupOptions,
  handOff,
  hedge,
  keys,
  type ModelDirectory,
  type ModelRoute,
  type OnBreak,
  type Policy,
  route,
} from '@rivulet/router'
export { type ServedModel } from './catalog.ts'
export { KNOWN_PROVIDERS, type KnownProvider, providersFromEnv } from './known-providers.ts'
export { type Question, rivulet, type Rivulet, type RivuletOptions } from './rivulet.ts'
