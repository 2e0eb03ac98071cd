import { openai } from '@ai-sdk/openai'
import { streamText } from 'ai'

const answer = streamText({ model: openai('gpt-6.1-sol'), prompt: 'Why is the sky blue?' })
for await (const text of answer.textStream) process.stdout.write(text)
console.log(await answer.usage)
