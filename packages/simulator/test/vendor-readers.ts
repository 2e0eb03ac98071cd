import { recordIn, recordsIn, textIn } from '../src/fields.ts'
import type { Read } from './reader.ts'

/** Correct readers for the documents of four vendors' dialects; they throw if an answer is incomplete or malformed. */

type Json = Record<string, unknown>

/** An answer that is being assembled. */
interface Draft {
  text: string
  readonly calls: { name: string; input: unknown }[]
  isOver: boolean
}

type Dialect = (typeof vendorDialects)[number]

const vendorDialects = ['anthropic', 'google', 'ollama', 'openai-responses'] as const

export const isVendorDialect = (dialect: string): dialect is Dialect => vendorDialects.some((one) => one === dialect)

export function readVendorAnswer(dialect: Dialect, documents: readonly unknown[]): Read {
  const draft: Draft = { text: '', calls: [], isOver: false }
  const add = {
    anthropic: anthropicReader(),
    google: addGoogle,
    ollama: addOllama,
    'openai-responses': responsesReader(),
  }[dialect]
  for (const document of recordsIn(documents)) {
    if (draft.isOver) break
    if ((document.error ?? null) !== null || document.type === 'error') throw new Error('an in-band error')
    add(draft, document)
  }
  if (!draft.isOver) throw new Error('truncated')
  for (const { input } of draft.calls)
    if (typeof input !== 'object') throw new SyntaxError('arguments are not an object')
  return { text: draft.text, calls: draft.calls }
}

function anthropicReader(): (draft: Draft, document: Json) => void {
  const open = new Map<unknown, { name: string; json: string; input: unknown }>()
  const started: { name: string; json: string; input: unknown }[] = []
  return (draft, document) => {
    const { type, index } = document
    const block = recordIn(document.content_block)
    const delta = recordIn(document.delta)
    if (type === 'message') {
      for (const part of recordsIn(document.content)) {
        draft.text += textIn(part.text)
        if (part.type === 'tool_use') draft.calls.push({ name: textIn(part.name), input: part.input })
      }
      draft.isOver = true
    } else if (type === 'content_block_start' && block.type === 'tool_use') {
      const call = { name: textIn(block.name), json: '', input: block.input }
      open.set(index, call)
      started.push(call)
    } else if (type === 'content_block_delta') {
      draft.text += textIn(delta.text)
      const call = open.get(index)
      if (call !== undefined) call.json += textIn(delta.partial_json)
    } else if (type === 'message_stop') {
      for (const { name, json, input } of started) {
        draft.calls.push({ name, input: json === '' ? input : (JSON.parse(json) as unknown) })
      }
      draft.isOver = true
    }
  }
}

function addGoogle(draft: Draft, document: Json): void {
  for (const { content, finishReason } of recordsIn(document.candidates)) {
    for (const { text, functionCall: call } of recordsIn(recordIn(content).parts)) {
      draft.text += textIn(text)
      if (call !== undefined) draft.calls.push({ name: textIn(recordIn(call).name), input: recordIn(call).args })
    }
    draft.isOver = typeof finishReason === 'string'
  }
}

function addOllama(draft: Draft, { message, done }: Json): void {
  const { content, tool_calls: calls } = recordIn(message)
  draft.text += textIn(content)
  for (const { function: call } of recordsIn(calls)) {
    draft.calls.push({ name: textIn(recordIn(call).name), input: recordIn(call).arguments })
  }
  draft.isOver = done === true
}

function responsesReader(): (draft: Draft, document: Json) => void {
  const open = new Map<unknown, { name: string; json: string }>()
  const take = (draft: Draft, items: unknown): void => {
    for (const { type, name, arguments: json, content } of recordsIn(items)) {
      if (type === 'function_call') draft.calls.push({ name: textIn(name), input: argumentsOf(json) })
      for (const { text } of recordsIn(content)) draft.text += textIn(text)
    }
  }
  return (draft, { type, object, output, delta, item, item_id: id }) => {
    if (object === 'response') take(draft, output)
    else if (type === 'response.output_text.delta') draft.text += textIn(delta)
    else if (type === 'response.output_item.added' && recordIn(item).type === 'function_call') {
      open.set(recordIn(item).id, { name: textIn(recordIn(item).name), json: '' })
    } else if (type === 'response.function_call_arguments.delta') {
      const call = open.get(id)
      if (call !== undefined) call.json += textIn(delta)
    } else if (type === 'response.completed') {
      for (const { name, json } of open.values()) draft.calls.push({ name, input: argumentsOf(json) })
    }
    draft.isOver = object === 'response' || type === 'response.completed'
  }
}

function argumentsOf(json: unknown): unknown {
  return json === '' ? {} : (JSON.parse(textIn(json)) as unknown)
}
