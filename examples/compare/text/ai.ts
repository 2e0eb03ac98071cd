import { openai } from '@ai-sdk/openai'
import { streamText } from 'ai'

const { textStream } = streamText({ model: openai('gpt-6.1-sol'), prompt: 'Why is the sky blue?' })
for await (const text of textStream) process.stdout.write(text)
