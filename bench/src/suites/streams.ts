import type { Bench } from '../bench.ts'
import type { ContenderName } from '../contenders.ts'
import type { Course } from '../race.ts'
import type { Targets } from '../result.ts'
import { textOf } from '../wire/answers.ts'

/** The races over streamed answers. */

const EVERYONE: readonly ContenderName[] = [
  ...(['bytes', 'scan', 'floor', 'fetch'] as const),
  ...(['events', 'text', 'collect', 'group', 'by-fetch'] as const),
  ...(['eventsource-parser', 'openai', 'langchain', 'ai-model', 'ai-text', 'pi-ai'] as const),
]

const atMost = (ratio: number, ...names: ContenderName[]): Targets =>
  Object.fromEntries(names.map((name) => [name, { ratio }]))

/** For competitors in a quick run: one round is enough to see their distance. */
const ONCE = { rounds: 1, warmUp: 1 }

export function backlogged({ urlOf, quick }: Bench): Course {
  const chunks = 20_000
  return {
    suite: 'backlogged',
    id: 'backlogged',
    title: 'Backlogged',
    about:
      'One answer of 20,000 chunks that arrive faster than they are read: a read of the socket returns up to 64 KB.',
    unit: 'µs/chunk',
    contenders: EVERYONE,
    floor: 'floor',
    task: { url: urlOf('openai', 'backlogged', chunks), size: chunks, times: 1, atOnce: false },
    text: textOf(chunks),
    figureOf: ({ cpu }) => cpu / chunks,
    targets: { ...atMost(0.7, 'events'), ...atMost(0.75, 'text', 'collect'), ...atMost(0.9, 'group') },
    rounds: quick ? 7 : 15,
    warmUp: 10,
    ...(quick && { competitorRounds: ONCE }),
  }
}

/** One answer that is read without a rest, and many between whose chunks the core idles. */
export function paced({ urlOf, quick }: Bench): Course[] {
  const chunks = 500
  const times = 50
  const course = {
    suite: 'paced',
    contenders: EVERYONE,
    floor: 'floor',
    unit: 'µs/chunk',
    text: textOf(chunks),
  } as const
  return [
    {
      ...course,
      id: 'paced',
      title: 'Paced',
      about: 'One answer whose chunks arrive one by one, as a model sends them: a read of the socket returns one.',
      task: { url: urlOf('openai', 'paced', chunks), size: chunks, times: 1, atOnce: false },
      figureOf: ({ cpu }) => cpu / chunks,
      targets: atMost(0.95, 'events', 'text', 'collect', 'group'),
      rounds: quick ? 5 : 61,
      warmUp: quick ? 3 : 20,
      competitorRounds: quick ? ONCE : { rounds: 9, warmUp: 4 },
    },
    {
      ...course,
      id: 'paced-idling',
      title: 'Paced, with rests',
      about:
        '50 answers at once, 100 chunks a second each: the core idles between two reads, as in real traffic, and finds its caches cold.',
      task: { url: urlOf('openai', 'idling', chunks), size: chunks, times, atOnce: true },
      figureOf: ({ cpu }) => cpu / chunks / times,
      targets: atMost(1, 'events', 'collect', 'group'),
      rounds: quick ? 1 : 5,
      warmUp: 1,
      competitorRounds: ONCE,
    },
  ]
}

export function short({ urlOf, quick }: Bench): Course {
  const chunks = 50
  // Code that runs once for each answer is compiled after thousands of them.
  const times = quick ? 100 : 500
  return {
    suite: 'short',
    id: 'short',
    title: 'A short answer',
    about: `An answer of 50 chunks in all: the call, the request on an open connection, the answer, the end. Counted after ${(10 * times).toLocaleString('en-US')} of them.`,
    unit: 'ms/answer',
    contenders: EVERYONE,
    floor: 'floor',
    task: { url: urlOf('openai', 'backlogged', chunks), size: chunks, times, atOnce: false },
    text: textOf(chunks),
    figureOf: ({ cpu }) => cpu / times / 1000,
    targets: atMost(1, 'events', 'text', 'collect', 'group'),
    rounds: quick ? 7 : 41,
    warmUp: 10,
    competitorRounds: quick ? ONCE : { rounds: 3, warmUp: 2 },
  }
}

/** Many answers at once: their cost, and, in processes of their own, their memory. */
export function crowd({ urlOf, quick }: Bench): Course[] {
  const chunks = 50
  const times = 500
  const task = { url: urlOf('openai', 'backlogged', chunks), size: chunks, times, atOnce: true }
  const course = {
    suite: 'crowd',
    contenders: EVERYONE,
    floor: 'floor',
    task,
    text: textOf(chunks),
  } as const
  return [
    {
      ...course,
      id: 'crowd',
      title: 'A crowd',
      about: '500 answers of 50 chunks at once, on open connections.',
      before: task,
      unit: 's of CPU',
      figureOf: ({ cpu }) => cpu / 1_000_000,
      targets: atMost(1, 'events'),
      rounds: quick ? 3 : 41,
      warmUp: quick ? 6 : 10,
      competitorRounds: quick ? { rounds: 1, warmUp: 0 } : { rounds: 5, warmUp: 2 },
    },
    {
      ...course,
      id: 'crowd-memory',
      title: 'A crowd: memory',
      about: 'Peak memory of the process, with Node and all loaded modules. A new process each time, after one answer.',
      unit: 'MB',
      figureOf: ({ peakMb }) => peakMb,
      targets: atMost(1.1, 'events'),
      rounds: quick ? 1 : 15,
      warmUp: 0,
      fresh: true,
      before: { ...task, times: 1 },
      competitorRounds: { rounds: quick ? 1 : 3, warmUp: 0 },
    },
  ]
}

const DIALECTS = [
  [
    'openai-padded',
    'Chat completions, padded',
    ['floor', 'events'],
    'As OpenAI itself sends them, with padding that hides the length of each piece.',
  ],
  ['openai', 'Lockchat', ['floor', 'lockchat'], 'Chat completions, with the cost of recognizing its known fault.'],
  ['anthropic', 'Anthropic', ['anthropic-floor', 'anthropic'], 'Server-sent events with names.'],
  ['google', 'Gemini', ['google-floor', 'google'], 'Server-sent events, with a count of tokens in each.'],
  ['ollama', 'Ollama', ['ollama-floor', 'ollama'], 'One JSON object a line.'],
  [
    'text',
    'Raw text',
    ['raw-floor', 'raw'],
    'The body is the text, as Liaobots sends it: a million words, about as many bytes as in the other dialects. Neither side has anything to parse.',
  ],
] as const

/** Each dialect against its own floor. */
export function dialects({ urlOf, quick }: Bench): Course[] {
  return DIALECTS.map(([answer, title, [floor, ours], about]) => {
    // About as many bytes: a chunk of raw text is one word, and 20,000 of them fit into one read of the socket.
    const chunks = answer === 'text' ? 1_000_000 : 20_000
    return {
      suite: 'dialects',
      id: `dialect-${ours === 'events' ? 'padded' : ours}`,
      title,
      about,
      unit: 'µs/chunk',
      contenders: [floor, ours],
      floor,
      task: { url: urlOf(answer, 'backlogged', chunks), size: chunks, times: 1, atOnce: false },
      text: textOf(chunks),
      figureOf: ({ cpu }) => cpu / chunks,
      targets: { [ours]: { ratio: 1 } },
      rounds: quick ? 7 : 15,
      warmUp: 10,
    }
  })
}

/** Both server halves beside a plain concatenation of the same bytes. */
export function write({ quick }: Bench): Course[] {
  const events = 20_000
  const times = 5
  return (['openai', 'anthropic'] as const).map((dialect) => ({
    suite: 'write',
    id: `write-${dialect}`,
    title: dialect === 'openai' ? 'Writing chat completions' : 'Writing Anthropic messages',
    about: '20,000 events as a server sends them, into a buffer. The floor joins the same pieces, made beforehand.',
    unit: 'µs/event',
    contenders: [`write-${dialect}-floor`, `write-${dialect}`],
    floor: `write-${dialect}-floor`,
    task: { url: '', size: events, times, atOnce: false },
    figureOf: ({ cpu }) => cpu / events / times,
    targets: { [`write-${dialect}`]: { ratio: 1.3 } },
    rounds: quick ? 7 : 15,
    warmUp: 5,
  }))
}
