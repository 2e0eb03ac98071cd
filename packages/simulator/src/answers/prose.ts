import { type Responder, type PromptContext, quote } from './prompt.ts'

const offers = [
  'Try “count to 12”, “write a function in Rust” or “a table of rivers”',
  'Ask for “a list of five ideas”, “a long essay about rivers” or “a greeting in Japanese”',
  'Try “echo” with any words, “what did I say?” or “call the weather tool for Oslo”',
]

export const greeting: Responder = ({ prompt, model, random }) => {
  if (
    prompt.length > 60 ||
    !/^(?:hi|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day))\b/iu.test(prompt)
  ) {
    return undefined
  }
  const hello = random.pick(['Hello!', 'Hi there!', 'Good to see you!'])
  return `${hello} I am a simulator that answers in place of ${model}: a small machine that knows how to sound like a big one. ${random.pick(offers)}, and I will stream it to you word by word.`
}

export const thanks: Responder = ({ prompt, random }) =>
  prompt.length < 60 && /^(?:many )?(?:thanks|thank you|cheers)\b/iu.test(prompt)
    ? random.pick([
        'You are welcome! It was a short stream, but a pleasant one.',
        'With pleasure. I am here as long as the port is open.',
      ])
    : undefined

export const introduction: Responder = ({ prompt, model, random }) =>
  /\b(?:who|what) are you\b|\bwhat can you do\b/iu.test(prompt)
    ? `I am the Rivulet simulator, and I play the part of ${model}. There is no model behind me: my answers follow from a seed, your words and a few rules, so the same question always gets the same answer. That makes me dull company and an excellent test. ${random.pick(offers)}.`
    : undefined

const openings = [
  'That is a good thing to ask.',
  'Let me think about that with you.',
  'There is more in that than it seems.',
  'I like where this is going.',
]

const middles = [
  'A real model would now weigh its words one after the other; I only pretend to, but the words travel to you in the same way, a few letters at a time.',
  'Most questions have a short answer and a better one, and the better one usually starts with what you already tried.',
  'It helps to separate what is known from what is hoped for, and to look first at the place where the two touch.',
  'If it were mine to solve, I would begin with the smallest example that still goes wrong, and keep it close by.',
  'The interesting part is seldom in the middle of the stream; it is at the edges, where something begins, stops or breaks.',
  'Different people would answer it differently, which is often a sign that the question is worth keeping.',
]

/** The default answer: quotes the prompt and says that it comes from a simulator. */
export function paragraph({ prompt, model, random }: PromptContext): string {
  if (prompt === '') return `You sent no words, so I have none to answer. ${random.pick(offers)}.`
  const [first, second] = random.shuffle(middles)
  const honest = `I should say that I am a simulator standing in for ${model}, so I have no opinion of my own about it, only good manners.`
  return `${random.pick(openings)} You wrote: “${quote(prompt)}”. ${first ?? ''} ${second ?? ''}\n\n${honest} ${random.pick(offers)} to see what else I can do.`
}
