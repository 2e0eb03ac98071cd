import { signatureOf } from '../../answers/reasoning.ts'
import { recordIn, recordsIn, textIn } from '../../fields.ts'
import { RequestError } from '../../request-error.ts'

const URL = 'https://example.com/found'
const ID = 'srvtoolu_simulated'
const DIRECT = { type: 'direct' }

/** A search that the simulator made itself, before it answers: its call, and what was found. */
export const searchBlocks = (): readonly [call: Record<string, unknown>, result: Record<string, unknown>] => [
  {
    type: 'server_tool_use',
    id: ID,
    name: 'web_search',
    input: { query: 'what was asked' },
    caller: DIRECT,
  },
  {
    type: 'web_search_tool_result',
    caller: DIRECT,
    tool_use_id: ID,
    content: [
      {
        type: 'web_search_result',
        url: URL,
        title: 'Found',
        encrypted_content: signatureOf('search', URL),
        page_age: null,
      },
    ],
  },
]

/** Whether the body has the vendor's own search among its tools. */
export const hasSearch = (tools: unknown): boolean =>
  recordsIn(tools).some(({ type }) => textIn(type).startsWith('web_search_'))

/** A search must come back as it was: its call with its result, and what was found unchanged. */
export function checkSearches(blocks: readonly Record<string, unknown>[], where: string): void {
  const results = blocks.filter(({ type }) => type === 'web_search_tool_result')
  for (const { id } of blocks.filter(({ type }) => type === 'server_tool_use')) {
    if (results.some((result) => result.tool_use_id === id)) continue
    const words = `${where}: \`web_search\` tool use with id \`${textIn(id)}\` was found without a corresponding \`web_search_tool_result\` block`
    throw new RequestError(400, 'wrong_value', words, { param: where, isVerbatim: true })
  }
  for (const found of results.flatMap(({ content }) => recordsIn(content)).map(recordIn)) {
    if (found.encrypted_content === signatureOf('search', textIn(found.url))) continue
    const words = `${where}: Invalid \`encrypted_content\` in \`search_result\` block`
    throw new RequestError(400, 'wrong_value', words, { param: where, isVerbatim: true })
  }
}
