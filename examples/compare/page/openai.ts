import OpenAI from 'openai'
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'

const client = new OpenAI()

export async function POST(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: OpenAI.ChatCompletionMessageParam[] }
  return new Response(client.chat.completions.stream({ model: 'gpt-6.1-sol', messages }).toReadableStream())
}

export async function ask(url: string, question: string, draw: (text: string) => void): Promise<void> {
  const body = JSON.stringify({ messages: [{ role: 'user', content: question }] })
  const response = await fetch(url, { method: 'POST', body })
  const answer = ChatCompletionStream.fromReadableStream(response.body!)
  answer.on('content', (_, text) => draw(text))
  await answer.finalContent()
}
