import type { Random } from '../random.ts'
import { type Responder, topicOf } from './prompt.ts'

/** A long answer of about 1,500 words: sections of paragraphs, built from sentence templates about the topic. */

const headings = [
  'Where it begins',
  'What we can see',
  'What lies underneath',
  'The people along the way',
  'When it goes wrong',
  'Small things that matter',
  'A longer view',
  'Where it leads',
]

const things = [
  'a river',
  'a bridge',
  'a letter',
  'a garden',
  'an old map',
  'a lighthouse',
  'a conversation',
  'a good tool',
]
const people = [
  'a carpenter',
  'a teacher',
  'a sailor',
  'a gardener',
  'an engineer',
  'a translator',
  'a child',
  'a watchmaker',
]

// {topic}, {thing} and {person} are filled again for each use, so that a long text does not repeat itself.
const sentences = [
  'It is easy to speak about {topic} as if there were one thing to say, but as with {thing} much depends on the place from which you look.',
  'Ask {person} about {topic} and you will hear a story; ask for the reason and you will hear a better one.',
  'What seems simple from a distance turns out to have been made with care, by many hands, over a long time.',
  'There is a moment, early on, when {topic} could still become almost anything.',
  'The first attempt is rarely the one that lasts, and that is no loss, for it shows where the ground is soft.',
  'Nobody notices {thing} that works, which is the highest praise that it can hope for.',
  'We measure what is easy to measure, and then we wonder why the numbers look so well while {topic} will not follow them.',
  'A rule of thumb helps here: whatever cannot be explained to {person} in two sentences has not been understood.',
  'Patience is not the same as waiting; {person} who is patient is busy all the while.',
  'In the end {topic} will be shaped less by great decisions than by the small ones that are made every morning.',
  'Some of this was known long ago, was forgotten for a while, and had to be found again.',
  'Every answer opens two more doors, and behind one of them there is usually {thing}.',
  'It would be wrong to call this progress, and just as wrong to call it chance.',
  'Whoever has watched {person} at work knows how much of {topic} is attention.',
  'The trouble begins where two parts meet that were never introduced to one another.',
  'When {thing} breaks, it breaks at its weakest place, and so it tells us where to look.',
  'A good failure is loud and early, and it leaves enough behind to be understood.',
  'Much can be said in favour of the slow way, above all that it arrives.',
  'Compare it with {thing}: nobody asks whether it is finished, only whether it still serves.',
  'There are two kinds of order in {topic}: the one that we bring along, and the one that was there already.',
  'The details matter, not because each of them is important, but because nobody knows beforehand which one will be.',
  'If there is a secret, it is that {person} and {thing} have more in common than either would admit.',
  'Seen from close by, most of {topic} is maintenance.',
  'What one generation builds as a shortcut, the next one inherits as a road.',
  'Doubt is useful company as long as it walks a step behind.',
  'The best parts of {topic} are those that somebody had the courage to leave out.',
  'It takes a while to see that the exceptions are not noise; they are the pattern, seen from its edge.',
  'A stream does not argue with the stone, it goes around, and after a thousand years the stone has changed its mind.',
  'Language plays its part too: give {topic} another name, and other people will feel invited.',
  'Perhaps that is why {person} so often begins with a question, and keeps the answer short.',
  'What remains is a feeling of proportion, which cannot be taught but can be caught.',
  'And yet it works, day after day, like {thing} that no one remembers having built.',
]

const sections = 8
const sentencesInSection = 11

export const essay: Responder = ({ prompt, model, random }) => {
  if (!/(?<!\bhow )\blong\b|\b(?:essay|article|story|in detail)\b/iu.test(prompt)) return undefined
  const topic = topicOf(prompt) ?? 'the way things flow'
  const text = writer(topic, random)
  const body = headings
    .slice(0, sections)
    .map((heading) => `## ${heading}\n\n${text(4)}\n\n${text(4)}\n\n${text(sentencesInSection - 8)}`)
  const title = topic.charAt(0).toUpperCase() + topic.slice(1)
  const closing = `*This essay was assembled by a simulator in the place of ${model}. It is long so that you can watch it stream.*`
  return [`# ${title}`, ...body, closing].join('\n\n')
}

/** Returns a function that writes `count` sentences; no sentence repeats until all have been used. */
function writer(topic: string, random: Random): (count: number) => string {
  let pool: string[] = []
  const next = (): string => {
    if (pool.length === 0) pool = random.shuffle(sentences)
    const sentence = pool.pop() ?? ''
    return sentence
      .replaceAll('{topic}', () => topic)
      .replaceAll('{thing}', () => random.pick(things))
      .replaceAll('{person}', () => random.pick(people))
  }
  return (count) => Array.from({ length: count }, next).map(capitalised).join(' ')
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
