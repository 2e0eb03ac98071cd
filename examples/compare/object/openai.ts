import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { z } from 'zod'

const schema = z.object({ title: z.string(), year: z.int() })
const { output_parsed: book } = await new OpenAI().responses.parse({
  model: 'gpt-6.1-sol',
  input: 'A book about rivers.',
  text: { format: zodTextFormat(schema, 'book') },
})
console.log(book?.title, book?.year)
