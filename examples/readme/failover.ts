import { anthropic, openai, rivulet } from 'rivulet'

const river = rivulet({
  providers: [openai(), anthropic()],
  aliases: { best: ['gpt-6.1-sol', 'claude-opus-5-5'] },
  model: 'best',
})
const { text, provider } = await river.complete('Why is the sky blue?')
console.log(`${provider}: ${text}`)
