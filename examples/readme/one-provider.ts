import { chat } from '@rivulet/core'
import { openai } from '@rivulet/provider-openai'

const { text } = chat(openai())
for await (const piece of text('Why is the sky blue?')) process.stdout.write(piece)
