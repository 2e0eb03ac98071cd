/** Three providers as one: when one fails, also in the middle of an answer, the next gives a whole one. */
import { anthropic, google, openai, rivulet } from 'rivulet'

const river = rivulet({
  // In the order in which they are asked. Each reads its key from the environment.
  providers: [openai(), anthropic(), google()],
  // A name of your own for models that may take each other's place.
  aliases: { best: ['gpt-6.1-sol', 'claude-opus-5-5', 'gemini-4-argon'] },
  model: 'best',
  onAttempt: ({ provider, outcome, error }) => {
    console.log(`${provider} ${outcome}${error === undefined ? '' : `: ${error.code}`}`)
  },
})

// Who would be asked, and why. Sends nothing.
console.table(river.routes('best'))

const { text, provider } = await river.complete('Why is the sky blue?')
console.log(`${provider}: ${text}`)
