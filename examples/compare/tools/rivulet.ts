import { rivulet, tool } from 'rivulet'
import { z } from 'zod'

const weather = tool({
  name: 'weather',
  description: 'The weather in a city.',
  schema: z.object({ city: z.string() }),
  run: ({ city }) => `21 degrees in ${city}`,
})
const { text } = await rivulet.fromEnv().run('What is the weather in Oslo?', { tools: [weather] }).result
console.log(text)
