import { openai } from '@ai-sdk/openai'
import { generateText, Output } from 'ai'
import { z } from 'zod'

const { output } = await generateText({
  model: openai('gpt-6.1-sol'),
  output: Output.object({ schema: z.object({ title: z.string(), year: z.int() }) }),
  prompt: 'A book about rivers.',
})
console.log(output.title, output.year)
