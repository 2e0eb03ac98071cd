import { LLMock } from '@copilotkit/aimock'

export const answer = 'Rivers run to the sea, all of them.'
/** Longer than the part that is sent before the cut. */
export const longAnswer = answer.repeat(10)
export const thought = 'A greeting is answered by one.'
export const place = 'Ulm'
export const book = { title: 'Where it begins', tags: ['river'] }

/** The mock, with an answer for every question of the checks. */
export async function mockServer(): Promise<{ url: string } & AsyncDisposable> {
  const mock = new LLMock({ port: 0, chunkSize: 6 })
  mock.onMessage('hello', { content: answer })
  mock.onMessage('think', { content: answer, reasoning: thought })
  mock.on({ userMessage: 'weather', hasToolResult: true }, ({ messages }) => ({
    content: messages
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => resultIn(content))
      .join(', '),
  }))
  const calls = [
    { name: 'weather', arguments: JSON.stringify({ city: place }) },
    { name: 'time', arguments: '{}' },
  ]
  mock.onMessage('weather', { toolCalls: calls })
  mock.onMessage('book', { content: JSON.stringify(book) })
  // The latency, in milliseconds, lets each chunk leave before the next is cut.
  mock.onMessage('cut', { content: longAnswer }, { truncateAfterChunks: 12, latency: 2 })
  mock.onMessage('disconnect', { content: answer }, { chaos: { disconnectRate: 1 } })
  mock.onMessage('malformed', { content: answer }, { chaos: { malformedRate: 1 } })
  mock.onMessage('rate', { content: answer }, { chaos: { rateLimitRate: 1 } })
  for (const status of [400, 401, 404, 500, 529]) {
    mock.onMessage(`status ${status}`, { error: { message: 'made to fail' }, status })
  }
  const url = await mock.start()
  return { url, [Symbol.asyncDispose]: () => mock.stop() }
}

/** Gemini's results are objects, which the mock passes on as JSON. */
function resultIn(content: unknown): string {
  const text = String(content)
  if (!text.startsWith('{')) return text
  // Written by our provider.
  return Object.values(JSON.parse(text) as Record<string, unknown>).join()
}
