/** What programs on the AI SDK often do, here: a provider in a variable, tools, and text while it arrives. */
import { anthropic } from '@rivulet/provider-anthropic'
import { chat, tool } from 'rivulet'
import { z } from 'zod'

const { run } = chat(anthropic(), { model: 'claude-sonnet-5-5' })

const weather = tool({
  name: 'weather', // The name is a part of the tool.
  description: 'The weather in a city.',
  schema: z.object({ city: z.string() }), // Theirs: inputSchema.
  run: ({ city }) => `${city}: 21 °C`, // Theirs: execute.
})

const answer = run(
  { messages: [{ role: 'user', content: 'Call the weather tool for Oslo.' }] },
  { tools: [weather], maxRounds: 5 }, // Theirs: stopWhen: isStepCount(5).
)

// Failures are thrown: there is no part of type "error" to look for.
for await (const event of answer) if (event.type === 'text') process.stdout.write(event.text)

const { usage } = await answer.result
console.log(usage?.inputTokens, usage?.outputTokens)
