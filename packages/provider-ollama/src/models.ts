import type { Model } from '@rivulet/core'

const CHATS = { tools: true, reasoning: false } as const
const THINKS = { tools: true, reasoning: true } as const

/**
 * The most pulled models of Ollama's library; `models()` lists those of a server. `contextTokens` is the model's limit; by
 * default a server allows less (`num_ctx`). They have no price per token. Whether a last message of the assistant's is continued
 * is a matter of the model's template: of those of the models that do not think, the last turn has no end mark.
 *
 * Facts of 2026-11-20.
 *
 * @see https://ollama.com/library
 */
export const MODELS = [
  { id: 'gpt-oss:20b', name: 'gpt-oss 20B', contextTokens: 131_072, inputs: ['text'], ...THINKS },
  { id: 'gpt-oss:120b', name: 'gpt-oss 120B', contextTokens: 131_072, inputs: ['text'], ...THINKS },
  { id: 'qwen3:8b', name: 'Qwen3 8B', contextTokens: 40_960, inputs: ['text'], ...THINKS },
  { id: 'qwen3-vl:8b', name: 'Qwen3-VL 8B', contextTokens: 262_144, inputs: ['text', 'image'], ...THINKS },
  { id: 'deepseek-r1:8b', name: 'DeepSeek R1 8B', contextTokens: 131_072, inputs: ['text'], ...THINKS },
  { id: 'llama3.2:3b', name: 'Llama 3.2 3B', contextTokens: 131_072, inputs: ['text'], ...CHATS, prefill: true },
  { id: 'llama3.1:8b', name: 'Llama 3.1 8B', contextTokens: 131_072, inputs: ['text'], ...CHATS, prefill: true },
  {
    id: 'gemma3:4b',
    name: 'Gemma 3 4B',
    contextTokens: 131_072,
    inputs: ['text', 'image'],
    tools: false,
    reasoning: false,
    prefill: true,
  },
] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type OllamaModel = (typeof MODELS)[number]['id']
