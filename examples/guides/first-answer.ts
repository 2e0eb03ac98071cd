/** A whole answer; then one that is printed while it arrives. */
import { rivulet } from 'rivulet'

// Every provider whose key is in the environment: OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, …
const river = rivulet.fromEnv()

const { text, provider, model } = await river.complete('Why is the sky blue?')
console.log(`${provider}/${model}: ${text}`)

const answer = river.text('And the sea?')
for await (const piece of answer) process.stdout.write(piece)

const { usage } = await answer.result
console.log(`\n${usage?.outputTokens} tokens`)
