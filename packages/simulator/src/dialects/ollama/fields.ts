import {
  anything,
  between,
  either,
  type Fields,
  flag,
  unionBy,
  listOf,
  number,
  objectOf,
  oneOf,
  record,
  text,
  integer,
} from '../../fields.ts'

/**
 * The documented fields of `POST /api/chat` and `/api/embed`.
 *
 * @see https://docs.ollama.com/api/chat (2026-11-20)
 * @see https://docs.ollama.com/modelfile the options
 */

const options = objectOf({
  numa: flag,
  num_ctx: integer,
  num_batch: integer,
  num_gpu: integer,
  main_gpu: integer,
  low_vram: flag,
  f16_kv: flag,
  logits_all: flag,
  vocab_only: flag,
  use_mmap: flag,
  use_mlock: flag,
  embedding_only: flag,
  num_thread: integer,
  num_keep: integer,
  seed: integer,
  num_predict: integer,
  top_k: between(0, Infinity, integer),
  top_p: number,
  min_p: number,
  tfs_z: number,
  typical_p: number,
  repeat_last_n: integer,
  temperature: number,
  repeat_penalty: number,
  presence_penalty: number,
  frequency_penalty: number,
  mirostat: integer,
  mirostat_tau: number,
  mirostat_eta: number,
  penalize_newline: flag,
  stop: listOf(text),
})

const keepAlive = either(number, text)

const call = objectOf(
  {
    id: text,
    type: text,
    function: objectOf({ index: integer, name: text, arguments: record }, ['name', 'arguments']),
  },
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
  tools: listOf(unionBy('type', { function: objectOf({ type: text, function: named }, ['function']) })),
  think: either(flag, oneOf('low', 'medium', 'high')),
  logprobs: flag,
  top_logprobs: between(0, 20, integer),
  truncate: flag,
  shift: flag,
  options,
}

export const embedFields: Fields = {
  model: text,
  input: either(text, listOf(text)),
  truncate: flag,
  keep_alive: keepAlive,
  dimensions: between(1, 4096, integer),
  options: anything,
}
