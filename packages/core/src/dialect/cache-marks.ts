import type { ChatRequest } from '../chat.ts'

/**
 * Whether any part of a request is to be kept in a prompt cache: a dialect without a word for that leaves the marks out, and
 * names them `cache`.
 *
 * @example
 * const dropped = new Dropped()
 * if (hasCacheMarks(request)) dropped.add('cache')
 */
export const hasCacheMarks = ({ messages, tools = [] }: Pick<ChatRequest, 'messages' | 'tools'>): boolean =>
  tools.some(isMarked) ||
  messages.some((message) => isMarked(message) || (Array.isArray(message.content) && message.content.some(isMarked)))

/** `false`, which callers without TypeScript may give, means none. */
const isMarked = (marked: object): boolean => 'cache' in marked && Boolean(marked.cache)
