import { createModels, createProvider } from '@earendil-works/pi-ai'
import { openAICompletionsApi } from '@earendil-works/pi-ai/api/openai-completions.lazy'

let models
let modelsUrl

function modelsAt(baseUrl) {
  if (modelsUrl === baseUrl) return models
  const model = {
    id: 'gpt-4',
    name: 'GPT-4',
    api: 'openai-completions',
    provider: 'competitor',
    baseUrl,
    reasoning: false,
    input: ['text'],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 128_000,
    maxTokens: 32_000,
  }
  const auth = { apiKey: { name: 'Competitor', resolve: async () => ({ auth: { apiKey: 'none' } }) } }
  models = createModels()
  models.setProvider(
    createProvider({
      id: 'competitor',
      name: 'Competitor',
      baseUrl,
      auth,
      models: [model],
      api: openAICompletionsApi(),
    }),
  )
  modelsUrl = baseUrl
  return models
}

export async function read(baseUrl, take) {
  const collection = modelsAt(baseUrl)
  const context = { messages: [{ role: 'user', content: 'Hello', timestamp: 0 }] }
  for await (const event of collection.stream(collection.getModel('competitor', 'gpt-4'), context)) {
    if (event.type === 'text_delta') take(event.delta)
    else if (event.type === 'error') throw new Error(event.error.errorMessage)
  }
}
