import OpenAI from 'openai'

let client

export async function read(baseUrl, take) {
  if (client?.baseURL !== baseUrl) client = new OpenAI({ baseURL: baseUrl, apiKey: 'none' })
  const messages = [{ role: 'user', content: 'Hello' }]
  const stream = await client.chat.completions.create({ model: 'gpt-4', messages, stream: true })
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta?.content
    if (text) take(text)
  }
}
