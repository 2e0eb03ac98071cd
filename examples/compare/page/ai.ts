import { openai } from '@ai-sdk/openai'
import { convertToModelMessages, createUIMessageStreamResponse, streamText, toUIMessageStream } from 'ai'
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai'

export async function POST(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: UIMessage[] }
  const { stream } = streamText({ model: openai('gpt-6.1-sol'), messages: await convertToModelMessages(messages) })
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream }) })
}

export async function ask(url: string, question: string, draw: (text: string) => void): Promise<void> {
  const stream = await new DefaultChatTransport({ api: url }).sendMessages({
    chatId: 'chat',
    trigger: 'submit-message',
    messages: [{ id: 'question', role: 'user', parts: [{ type: 'text', text: question }] }],
    messageId: undefined,
    abortSignal: undefined,
  })
  for await (const { parts } of readUIMessageStream({ stream, terminateOnError: true })) {
    draw(parts.map((part) => (part.type === 'text' ? part.text : '')).join(''))
  }
}
