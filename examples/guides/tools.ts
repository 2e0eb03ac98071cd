/** A model that calls functions: they are run, and their results sent back, until it answers. */
import { rivulet, tool } from 'rivulet'
import { z } from 'zod'

const river = rivulet.fromEnv()

const weather = tool({
  name: 'get_weather',
  description: 'The weather in a city, now.',
  schema: z.object({ city: z.string() }),
  run: ({ city }) => ({ city, celsius: 21, sky: 'clear' }), // `city` is a string. May be async.
})

const run = river.run('Call the weather tool for Oslo.', { tools: [weather], maxRounds: 5 })

for await (const event of run) {
  if (event.type === 'tool-call') console.log(`calls ${event.name}`)
  if (event.type === 'tool-result') console.log('result:', event.content)
  if (event.type === 'text') process.stdout.write(event.text)
}

const { usage, messages } = await run.result // The usage of all rounds; the conversation, to go on with.
console.log(`\n${messages.length} messages, ${usage?.inputTokens} tokens read`)
