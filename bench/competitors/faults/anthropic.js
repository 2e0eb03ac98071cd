import Anthropic from '@anthropic-ai/sdk'

/** `maxRetries` off; `timeout` is its only deadline. */
export async function* texts(baseUrl, signal) {
  const client = new Anthropic({ baseURL: baseUrl, apiKey: 'sk-competitor', maxRetries: 0, timeout: 1_500 })
  const messages = [{ role: 'user', content: 'Hello' }]
  const request = { model: 'claude-opus-4-1', max_tokens: 1_000, messages, stream: true }
  for await (const event of await client.messages.create(request, { signal })) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text
  }
}
