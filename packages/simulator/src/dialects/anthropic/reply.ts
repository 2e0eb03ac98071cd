import type { Answer } from '../../answers.ts'
import { signatureOf } from '../../answers/reasoning.ts'
import type { ToolCall } from '../../answers/tool-calls.ts'
import type { Part, Reply } from '../../dialect.ts'
import { documentReply, textPlaceholder } from '../../document.ts'
import type { CallForm, ReplyFormat } from '../../incoming-request.ts'
import { interleave, inputOf, pairOf, callsInForm } from '../openai-tool-calls.ts'
import type { CacheMarks } from './cache-marks.ts'
import { anthropicErrorBody } from './error.ts'
import { searchBlocks } from './searches.ts'
import { usageOf } from './usage.ts'

/** The parts of a request that decide the format of its answer. */
export interface ReplyOptions {
  readonly model: string
  readonly marks: CacheMarks
  /** The answer begins with a search of the vendor's own. */
  readonly searches: boolean
  /** Reasoning is signed but its text is omitted. */
  readonly isHidden: boolean
}

const encoder = new TextEncoder()

interface Event {
  readonly type: string
  readonly [field: string]: unknown
}

const event = (data: Event): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

export function eventReply(options: ReplyOptions, answer: Answer, format: ReplyFormat): Reply {
  const part = (kind: Part['kind'], ...events: Event[]): Part => ({
    kind,
    bytes: encoder.encode(events.map(event).join('')),
  })
  const usage = usageOf(answer, options.marks, format.usageForm)
  const message = { ...head(options, answer), content: [], ...notEnded, ...usage.start }
  const parts = [part('open', { type: 'message_start', message }, { type: 'ping' })]
  let open: Indexed[0][] = []
  const close = (): Event[] => open.splice(0).map((index) => ({ type: 'content_block_stop', index }))
  for (const block of blocksOf(answer, options, format.callForm)) {
    const starts = block.starts.map(([index, content_block]) => ({ type: 'content_block_start', index, content_block }))
    parts.push(part('open', ...close(), ...starts))
    for (const [index, delta] of block.deltas)
      parts.push(part('content', { type: 'content_block_delta', index, delta }))
    open = block.starts.map(([index]) => index)
  }
  const delta = { type: 'message_delta', delta: ending(answer), ...usage.end }
  parts.push(part('finish', ...close(), delta), part('end', { type: 'message_stop' }))
  return {
    contentType: 'text/event-stream; charset=utf-8',
    framing: 'sse',
    parts,
    isDocument: false,
    endMark: true,
    strictEnd: true,
    error: (error) => encoder.encode(`event: error\ndata: ${JSON.stringify(anthropicErrorBody(error))}\n\n`),
  }
}

export function messageReply(options: ReplyOptions, answer: Answer, format: ReplyFormat): Reply {
  const { calls = [], reasoning, tokens } = answer
  const thinking = options.isHidden ? '' : (reasoning?.join('') ?? '')
  const content = [
    ...(reasoning === undefined ? [] : [{ type: 'thinking', thinking, signature: signatureOf('thinking', thinking) }]),
    ...(options.searches ? searchBlocks() : []),
    ...(tokens.length === 0 ? [] : [{ type: 'text', text: textPlaceholder, citations: null }]),
    ...callsInForm(calls, format.callForm).map((call) => ({ ...toolUse(call), input: inputOf(call) })),
  ]
  const { total } = usageOf(answer, options.marks, format.usageForm)
  return documentReply({ ...head(options, answer), content, ...ending(answer), ...total }, tokens, anthropicErrorBody)
}

type Indexed = readonly [index: number | undefined, content: object]

/** Blocks that are open at the same time: one, unless calls are interleaved. */
interface Blocks {
  readonly starts: readonly Indexed[]
  readonly deltas: readonly Indexed[]
}

function blocksOf({ reasoning, tokens, calls = [] }: Answer, options: ReplyOptions, form?: CallForm): Blocks[] {
  const { isHidden, searches } = options
  const blocks: Blocks[] = []
  if (reasoning !== undefined) {
    const shown = isHidden ? [] : reasoning
    const signature = signatureOf('thinking', shown.join(''))
    const deltas = shown.map((thinking): Indexed => [0, { type: 'thinking_delta', thinking }])
    const starts: Indexed[] = [[0, { type: 'thinking', thinking: '', signature: '' }]]
    blocks.push({ starts, deltas: [...deltas, [0, { type: 'signature_delta', signature }]] })
  }
  if (searches) {
    const [{ input, ...call }, result] = searchBlocks()
    const index = blocks.length
    const json = { type: 'input_json_delta', partial_json: JSON.stringify(input) }
    blocks.push({ starts: [[index, { ...call, input: {} }]], deltas: [[index, json]] })
    blocks.push({ starts: [[index + 1, result]], deltas: [] })
  }
  if (tokens.length > 0) {
    const index = blocks.length
    const deltas = tokens.map((text): Indexed => [index, { type: 'text_delta', text }])
    blocks.push({ starts: [[index, { type: 'text', text: '', citations: null }]], deltas })
  }
  const from = blocks.length
  if (form === 'interleaved') {
    const [one, other] = pairOf(calls).map((call, at) => callBlock(call, from + at))
    if (one !== undefined && other !== undefined) {
      blocks.push({ starts: [...one.starts, ...other.starts], deltas: interleave(one.deltas, other.deltas) })
    }
    return blocks
  }
  const indexOf = (at: number): number => from + (form === 'same-index' ? 0 : at)
  blocks.push(...callsInForm(calls, form).map((call, at) => callBlock(call, indexOf(at), form === 'no-index')))
  return blocks
}

function callBlock(call: ToolCall, index: number, isNumberless = false): Blocks {
  const at = isNumberless ? undefined : index
  const deltas = call.fragments.map((json): Indexed => [at, { type: 'input_json_delta', partial_json: json }])
  return { starts: [[at, { ...toolUse(call), input: {} }]], deltas }
}

const toolUse = ({ id, name }: ToolCall): object => ({
  type: 'tool_use',
  id: id.replace('call_', 'toolu_'),
  name,
  caller: { type: 'direct' },
})

const head = ({ model }: ReplyOptions, { id }: Answer): object => ({
  id: id.replace('chatcmpl-', 'msg_'),
  type: 'message',
  role: 'assistant',
  model,
  diagnostics: null,
})

const notEnded = { stop_reason: null, stop_sequence: null, stop_details: null, container: null }

function ending({ calls, earlyStop, isRefusal }: Answer): object {
  const reason = (stop_reason: string, stop_sequence: string | null = null): object => ({
    ...notEnded,
    stop_reason,
    stop_sequence,
  })
  if (calls !== undefined) return reason('tool_use')
  if (isRefusal === true) {
    return { ...reason('refusal'), stop_details: { type: 'refusal', category: null, explanation: null } }
  }
  if (earlyStop?.reason === 'length') return reason('max_tokens')
  return earlyStop === undefined ? reason('end_turn') : reason('stop_sequence', earlyStop.sequence)
}
