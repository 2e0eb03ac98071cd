import OpenAI from 'openai'

/** `maxRetries` off; `timeout` is its only deadline. */
export async function* texts(baseUrl, signal) {
  const client = new OpenAI({ baseURL: baseUrl, apiKey: 'sk-competitor', maxRetries: 0, timeout: 1_500 })
  const messages = [{ role: 'user', content: 'Hello' }]
  const stream = await client.chat.completions.create({ model: 'gpt-4', messages, stream: true }, { signal })
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta?.content
    if (text) yield text
  }
}
