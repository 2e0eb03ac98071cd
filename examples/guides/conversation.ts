/** A conversation of several turns, with reasoning. */
import { type Message, rivulet, toMessage } from 'rivulet'

const river = rivulet.fromEnv({ model: 'claude-sonnet-5-5' })

const messages: Message[] = [{ role: 'system', content: 'Answer in one sentence.' }]

for (const question of ['My name is Ada.', 'What is my name?']) {
  messages.push({ role: 'user', content: question })
  const answer = await river.complete({ messages, reasoning: 'low', maxTokens: 4_000 })
  if (answer.reasoning !== undefined) console.log(`(${answer.reasoning})`)
  console.log(answer.text)
  messages.push(toMessage(answer)) // With its reasoning and signatures, which the model may need back.
}
