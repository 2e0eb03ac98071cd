import { ChatOpenAI } from '@langchain/openai'

let model
let modelUrl

export async function read(baseUrl, take) {
  if (modelUrl !== baseUrl) {
    model = new ChatOpenAI({ model: 'gpt-4', apiKey: 'none', configuration: { baseURL: baseUrl } })
    modelUrl = baseUrl
  }
  for await (const chunk of await model.stream('Hello')) {
    if (typeof chunk.content === 'string' && chunk.content !== '') take(chunk.content)
  }
}
