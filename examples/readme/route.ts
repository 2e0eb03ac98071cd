import { chatRequest, rivulet, toResponse } from 'rivulet'

const river = rivulet.fromEnv()

/** The route `/api/chat`. A stranger may set what `chatRequest` lists, and nothing else. */
export function POST(request: Request): Promise<Response> {
  const { signal } = request
  return toResponse(async () => river.stream(chatRequest(await request.text(), { model: 'gpt-6.1-sol' }), { signal }))
}
