/** What programs on the vendor's own client often do, here. */
import { openai, rivulet } from 'rivulet'

const { complete, text } = rivulet({
  providers: [openai()], // The key: OPENAI_API_KEY.
  retry: { attempts: 3 }, // The default: two retries.
  deadlines: { totalMs: 600_000 },
})

const messages = [
  { role: 'system', content: 'You are brief.' }, // Their 'developer': sent as the endpoint expects it.
  { role: 'user', content: 'Why is the sky blue?' },
] as const

const answer = await complete({
  model: 'gpt-6.1-terra',
  messages,
  maxTokens: 500,
  extra: { openai: { service_tier: 'default' } }, // A field that Rivulet has no name for: sent as it is.
})
console.log(answer.text, answer.usage?.outputTokens, answer.reason)

for await (const piece of text({ messages, reasoning: 'none' })) process.stdout.write(piece)
