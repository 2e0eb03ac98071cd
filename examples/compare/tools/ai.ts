import { openai } from '@ai-sdk/openai'
import { generateText, isStepCount, tool } from 'ai'
import { z } from 'zod'

const weather = tool({
  description: 'The weather in a city.',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `21 degrees in ${city}`,
})
const { text } = await generateText({
  model: openai('gpt-6.1-sol'),
  tools: { weather },
  stopWhen: isStepCount(10),
  prompt: 'What is the weather in Oslo?',
})
console.log(text)
