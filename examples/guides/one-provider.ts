/** One provider, with the same plain calls: of @rivulet/core and the package of the provider, nothing else is installed. */
import { chat } from '@rivulet/core'
import { anthropic } from '@rivulet/provider-anthropic'

const { complete, text } = chat(
  anthropic({
    apiKey: process.env.ANTHROPIC_API_KEY, // The default: it need not be written.
    baseUrl: process.env.ANTHROPIC_BASE_URL, // Of a relay; without one, Anthropic's own.
  }),
  { model: 'claude-sonnet-5-5', retry: { attempts: 2 }, deadlines: { firstTokenMs: 30_000 } },
)

console.log((await complete('Why is the sky blue?')).text)
for await (const piece of text({ messages: [{ role: 'user', content: 'And the sea?' }], maxTokens: 1_000 })) {
  process.stdout.write(piece)
}
