import { chat, chatRequest, remote, rivulet, toResponse } from 'rivulet'

const river = rivulet.fromEnv()

export async function POST(request: Request): Promise<Response> {
  return toResponse(river.stream(chatRequest(await request.json())))
}

export async function ask(url: string, question: string, draw: (text: string) => void): Promise<void> {
  const page = chat(remote(url), { model: 'gpt-6.1-sol' })
  for await (const { text } of page.snapshots(question)) draw(text)
}
