import { chat, chatRequest, remote, rivulet, toResponse } from 'rivulet'

const river = rivulet.fromEnv()

export function POST(request: Request): Promise<Response> {
  return toResponse(async () => river.stream(chatRequest(await request.text(), { model: 'gpt-6.1-sol' })))
}

export async function ask(url: string, question: string, draw: (text: string) => void): Promise<void> {
  for await (const { text } of chat(remote(url)).snapshots(question)) draw(text)
}
