import { cutAnywhere, cutInsideLetters } from '../content.ts'
import type { MeantCall } from '../meant.ts'
import type { Spelling } from '../oddities.ts'
import type { Frame } from '../script.ts'

/** A block of the content: how it begins, what follows, how it stands in an answer in one piece. */
export interface Block {
  start: Record<string, unknown>
  deltas: Frame[]
  /** No event begins it. */
  isUnopened?: boolean
  /** Text that its beginning carries. */
  text?: string
  whole: Record<string, unknown>
}

/** A message of the stream; its event has its name. */
export function message(type: string, fields: Record<string, unknown>, { has }: Pick<Spelling, 'has'>): Frame {
  return { ...(!has('unnamed') && { event: type }), json: { type, ...fields } }
}

function delta(
  index: number,
  fields: Record<string, unknown>,
  { spelling, text }: { spelling: Spelling; text?: string },
): Frame {
  return { ...message('content_block_delta', { index, delta: fields }, spelling), ...(text !== undefined && { text }) }
}

/** The blocks of an answer, in their order. */
export function blocksOf(spelling: Spelling): Block[] {
  const { thoughts, texts, calls, cutCall } = spelling.meant
  const { has } = spelling
  const blocks: Block[] = []
  const next = (): { index: number; spelling: Spelling } => ({ index: blocks.length, spelling })
  if (thoughts.length > 0) blocks.push(thinking(thoughts, next()))
  if (has('thought-sealed')) {
    const sealed = { type: 'redacted_thinking', data: 'c2VhbGVk' }
    blocks.push({ start: sealed, deltas: [], whole: sealed })
  }
  if (has('server-tool-block')) blocks.push(serverTool(next()))
  const groups = has('a-block-for-each-text') ? texts.map((text) => [text]) : [texts]
  for (const group of groups) if (group.length > 0) blocks.push(textBlock(group, next()))
  for (const call of cutCall === undefined ? calls : [...calls, cutCall]) blocks.push(toolUse(call, next()))
  return blocks
}

interface At {
  index: number
  spelling: Spelling
}

function thinking(thoughts: readonly string[], { index, spelling }: At): Block {
  const { has } = spelling
  const [first = '', ...rest] = thoughts
  const isInStart = has('text-in-start')
  const spoken = isInStart ? rest : thoughts
  return {
    start: { type: 'thinking', thinking: isInStart ? first : '', signature: '' },
    deltas: [
      ...spoken.map((text) => delta(index, { type: 'thinking_delta', thinking: text }, { spelling })),
      ...(has('thought-signed')
        ? [delta(index, { type: 'signature_delta', signature: 'c2lnbmVk' }, { spelling })]
        : []),
    ],
    whole: { type: 'thinking', thinking: thoughts.join(''), signature: 'c2lnbmVk' },
  }
}

function textBlock(texts: readonly string[], { index, spelling }: At): Block {
  const { has } = spelling
  const pieces = has('half-surrogates') ? cutInsideLetters(texts) : [...texts]
  const first = has('text-in-start') ? (pieces.shift() ?? '') : ''
  return {
    start: { type: 'text', text: first },
    text: first,
    isUnopened: has('text-unopened'),
    deltas: pieces.map((text) => delta(index, { type: 'text_delta', text }, { spelling, text })),
    whole: { type: 'text', text: texts.join('') },
  }
}

/** A tool that the server runs itself: its arguments are not the caller's. */
function serverTool({ index, spelling }: At): Block {
  const start = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }
  return {
    start,
    deltas: [delta(index, { type: 'input_json_delta', partial_json: '{"query":"x"}' }, { spelling })],
    whole: { ...start, input: { query: 'x' } },
  }
}

function toolUse(call: MeantCall, { index, spelling }: At): Block {
  const { has, meant, roll } = spelling
  const isLast = call === meant.calls.at(-1)
  const isBroken = isLast && meant.failure?.kind === 'broken-arguments'
  const json = isBroken ? brokenText(call, spelling) : JSON.stringify(call.args)
  const isEmpty = json === '{}'
  const text = meant.cutCall === call ? json.slice(0, -2) : json
  const isInStart = has('input-in-start') && meant.cutCall !== call
  const id = has('ids-shared') ? 'toolu_0' : has('ids-absent') ? undefined : call.id
  const pieces =
    isInStart || (isEmpty && has('input-without-deltas'))
      ? []
      : isEmpty && has('input-empty-delta')
        ? ['']
        : has('input-in-one-delta')
          ? [text]
          : ['', ...cutAnywhere(text, roll(`arguments ${call.id}`))]
  // The deltas name a block that no event began.
  const at = isLast && meant.failure?.kind === 'lost-arguments' ? index + 7 : index
  const input = isInStart ? call.args : has('input-null-in-start') ? null : {}
  return {
    start: { type: 'tool_use', id, name: call.name, input },
    deltas: pieces.map((partial_json) => delta(at, { type: 'input_json_delta', partial_json }, { spelling })),
    whole: { type: 'tool_use', id, name: call.name, input: call.args },
  }
}

function brokenText({ args }: MeantCall, { has }: Spelling): string {
  if (has('arguments-doubled')) return `${JSON.stringify(args)}${JSON.stringify(args)}`
  return has('arguments-cut') ? '{"path":"x' : 'the path is x'
}

/** The events of blocks: one after the other, or those of the calls side by side. */
export function blockFrames(blocks: readonly Block[], spelling: Spelling): Frame[] {
  const { has } = spelling
  const opening = (block: Block, index: number): Frame[] =>
    block.isUnopened === true && block.text === ''
      ? []
      : [{ ...message('content_block_start', { index, content_block: block.start }, spelling), text: block.text ?? '' }]
  const closing = (index: number): Frame[] =>
    has('block-stop-absent') ? [] : [message('content_block_stop', { index }, spelling)]
  const isCall = ({ start }: Block): boolean => start.type === 'tool_use'
  if (!has('blocks-interleaved')) {
    return blocks.flatMap((block, index) => [...opening(block, index), ...block.deltas, ...closing(index)])
  }
  const indexed = blocks.map((block, index) => ({ block, index }))
  const before = indexed.filter(({ block }) => !isCall(block))
  const calls = indexed.filter(({ block }) => isCall(block))
  const rounds = Math.max(0, ...calls.map(({ block }) => block.deltas.length))
  return [
    ...before.flatMap(({ block, index }) => [...opening(block, index), ...block.deltas, ...closing(index)]),
    ...calls.flatMap(({ block, index }) => opening(block, index)),
    ...Array.from({ length: rounds }, (_, round) =>
      calls.flatMap(({ block }) => block.deltas.slice(round, round + 1)),
    ).flat(),
    ...calls.flatMap(({ index }) => closing(index)),
  ]
}
