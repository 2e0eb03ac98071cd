import { anthropic } from '@ai-sdk/anthropic'
import { openai } from '@ai-sdk/openai'
import { generateText } from 'ai'
import { createFallback } from 'ai-fallback'

const model = createFallback({ models: [openai('gpt-6.1-sol'), anthropic('claude-sonnet-5-5')] })
console.log((await generateText({ model, prompt: 'Why is the sky blue?' })).text)
