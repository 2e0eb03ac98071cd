/** A route that OpenAI's own client may ask: chat completions in, chat completions out, from any provider. */
import { chatCompletionsServer } from '@rivulet/protocol-openai'
import { rivulet, toResponse } from 'rivulet'

const river = rivulet.fromEnv()
const server = chatCompletionsServer()

export async function POST(incoming: Request): Promise<Response> {
  const { pathname: path } = new URL(incoming.url)
  try {
    const call = server.read({ path, body: await incoming.text() })
    // A field that a provider has no word for is left out, as the vendor's client expects.
    const answer = river.stream(call.request, { signal: incoming.signal, unsupported: 'drop' })
    return await toResponse(answer, { as: call })
  } catch (mistake) {
    // A request that can't be meant, in the form that the client reads.
    const { status, headers, body } = server.error(mistake)
    return new Response(body, { status, headers })
  }
}
