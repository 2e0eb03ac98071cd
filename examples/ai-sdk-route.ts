/** A route for `useChat`, as Next.js and others take it. An answer that breaks starts over, and the page draws the whole one. */
import { fromUIMessages, toUIMessageStream } from '@rivulet/ai-sdk'
import { ChatError, chatRequest, type Provider } from '@rivulet/core'
import { createUIMessageStreamResponse } from 'ai'

/** @param models Those that the page may ask; the first is the default. */
export function useChatRoute(provider: Provider, models: readonly string[]) {
  return async (incoming: Request): Promise<Response> => {
    try {
      const { messages } = (await incoming.json()) as { messages: unknown }
      // What comes from a page is a stranger's: chatRequest() takes only what a stranger may set.
      const request = chatRequest({ messages: fromUIMessages(messages) }, { models })
      const answer = provider.stream(request, { signal: incoming.signal, unsupported: 'drop', onBreak: 'restart' })
      return createUIMessageStreamResponse({ stream: toUIMessageStream(answer) })
    } catch (error) {
      if (error instanceof ChatError) return new Response(error.message, { status: 400 })
      throw error
    }
  }
}
