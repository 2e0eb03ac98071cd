/** A route handler, as of Next, Hono, SvelteKit, Bun or Deno: takes `{ "question": "…" }`, and streams the events of the answer. */
import { rivulet, toResponse } from 'rivulet'

const river = rivulet.fromEnv()

export async function POST(incoming: Request): Promise<Response> {
  const { question } = (await incoming.json()) as { question?: unknown }
  if (typeof question !== 'string') return new Response('a question is missing', { status: 400 })
  const messages = [{ role: 'user', content: question }] as const
  // The signal aborts when the page is closed: then the endpoint stops, too.
  return toResponse(river.stream({ model: 'gpt-6.1-terra', messages }, { signal: incoming.signal }))
}
