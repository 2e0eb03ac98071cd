import { ChatOpenAI } from '@langchain/openai'

/** `maxRetries` off; `timeout` is the only one it has. */
export async function* texts(baseUrl, signal) {
  const model = new ChatOpenAI({
    model: 'gpt-4',
    apiKey: 'sk-competitor',
    maxRetries: 0,
    timeout: 1_500,
    configuration: { baseURL: baseUrl },
  })
  for await (const chunk of await model.stream('Hello', { signal })) {
    if (typeof chunk.content === 'string' && chunk.content !== '') yield chunk.content
  }
}
