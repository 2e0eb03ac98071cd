import {
  anything,
  between,
  either,
  type Fields,
  flag,
  kindOf,
  listOf,
  number,
  objectOf,
  oneOf,
  record,
  text,
  whole,
} from '../../fields.ts'

/**
 * What `POST /api/chat` and `/api/embed` document.
 *
 * @see https://docs.ollama.com/api/chat (2026-11-20)
 * @see https://docs.ollama.com/modelfile the options
 */

const options = objectOf({
  numa: flag,
  num_ctx: whole,
  num_batch: whole,
  num_gpu: whole,
  main_gpu: whole,
  low_vram: flag,
  f16_kv: flag,
  logits_all: flag,
  vocab_only: flag,
  use_mmap: flag,
  use_mlock: flag,
  embedding_only: flag,
  num_thread: whole,
  num_keep: whole,
  seed: whole,
  num_predict: whole,
  top_k: whole,
  top_p: number,
  min_p: number,
  tfs_z: number,
  typical_p: number,
  repeat_last_n: whole,
  temperature: number,
  repeat_penalty: number,
  presence_penalty: number,
  frequency_penalty: number,
  mirostat: whole,
  mirostat_tau: number,
  mirostat_eta: number,
  penalize_newline: flag,
  stop: listOf(text),
})

const keepAlive = either(number, text)

const call = objectOf(
  { id: text, type: text, function: objectOf({ index: whole, name: text, arguments: record }, ['name', 'arguments']) },
  ['function'],
)

const message = objectOf(
  {
    role: oneOf('system', 'user', 'assistant', 'tool'),
    content: text,
    thinking: text,
    images: listOf(text),
    tool_calls: listOf(call),
    tool_name: text,
    tool_call_id: text,
  },
  ['role'],
)

const named = objectOf({ name: text, description: text, parameters: record, type: text }, ['name'])

export const chatFields: Fields = {
  model: text,
  messages: listOf(message),
  stream: flag,
  format: either(oneOf('json', ''), record),
  keep_alive: keepAlive,
  tools: listOf(kindOf('type', { function: objectOf({ type: text, function: named }, ['function']) })),
  think: either(flag, oneOf('low', 'medium', 'high', 'max')),
  logprobs: flag,
  top_logprobs: between(0, 20, whole),
  truncate: flag,
  shift: flag,
  options,
}

export const embedFields: Fields = {
  model: text,
  input: either(text, listOf(text)),
  truncate: flag,
  keep_alive: keepAlive,
  dimensions: between(1, 4096, whole),
  options: anything,
}
