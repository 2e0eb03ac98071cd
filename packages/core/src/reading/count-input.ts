import type { ChatRequest, Part } from '../chat.ts'

/** The tokens of a message besides its text: its role and delimiters. */
const TOKENS_PER_MESSAGE = 4

/**
 * The tokens of what a request says: its messages and its tools, without images and documents. An estimate, since no endpoint says
 * how it writes them down.
 *
 * @param countTokens Counts the tokens of a text.
 * @example
 * countInput({ messages: [{ role: 'user', content: 'Hello' }] }, (text) => text.length / 4)
 */
export function countInput(
  { messages, tools = [] }: Pick<ChatRequest, 'messages' | 'tools'>,
  countTokens: (text: string) => number,
): number {
  const said = messages.reduce((sum, { content }) => {
    const text = typeof content === 'string' ? content : content.map(textOfPart).join('\n')
    return sum + TOKENS_PER_MESSAGE + countTokens(text)
  }, 0)
  return said + (tools.length === 0 ? 0 : countTokens(JSON.stringify(tools)))
}

function textOfPart(part: Part): string {
  if (part.type === 'tool-call') return part.name + part.input
  return 'text' in part ? part.text : ''
}
