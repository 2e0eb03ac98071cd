import OpenAI from 'openai'
import { zodFunction } from 'openai/helpers/zod'
import { z } from 'zod'

const weather = zodFunction({
  name: 'weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  function: ({ city }) => `21 degrees in ${city}`,
})
const run = new OpenAI().chat.completions.runTools({
  model: 'gpt-6.1-sol',
  messages: [{ role: 'user', content: 'What is the weather in Oslo?' }],
  tools: [weather],
})
console.log(await run.finalContent())
