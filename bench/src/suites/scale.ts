import type { Bench } from '../bench.ts'
import type { Climb } from '../slope.ts'

/** The costs that must not grow with any size. */
export function scale({ urlOf, quick }: Bench): Climb[] {
  const flood = (chunks: number, times = 1) => ({
    url: urlOf('openai', 'backlogged', chunks),
    size: chunks,
    times,
    atOnce: false,
  })
  return [
    {
      suite: 'scale',
      id: 'scale-chunks',
      title: 'The length of an answer',
      about: 'The cost of one more chunk, by the length of the answer (beyond the cost of an answer of 10).',
      along: 'chunks in an answer',
      unit: 'µs/chunk',
      contenders: ['events', 'floor', 'bytes'],
      sizes: upTo(quick ? 100_000 : 1_000_000, 10),
      taskOf: (chunks) => flood(chunks, timesOf(chunks)),
      // The request is nearly all of the cost of an answer of 10 or 100 chunks: it takes many to see a difference.
      repeats: (chunks) => (chunks > 1_000 || quick ? 1 : 4),
      rounds: quick ? 2 : 9,
      figureOf: ({ cpu }, chunks) => cpu / timesOf(chunks),
      cost: 'beyond',
      target: 1.1,
    },
    {
      suite: 'scale',
      id: 'scale-streams',
      title: 'Answers at once',
      about: 'Answers of 50 chunks on open connections: the cost of a chunk, by the number of answers at once.',
      along: 'answers at once',
      unit: 'µs/chunk',
      contenders: ['patient', 'floor'],
      sizes: upTo(mostOpen(quick ? 1_000 : 10_000), 1),
      taskOf: (streams) => ({ ...flood(50, streams), atOnce: true }),
      repeats: (streams) => Math.max(1, 1_000 / streams),
      rounds: quick ? 1 : 5,
      figureOf: ({ cpu }, streams) => cpu / streams / 50,
      cost: 'each',
      fresh: true,
      primed: true,
      warmUp: flood(50, 2_000),
      target: 1.1,
    },
    {
      suite: 'scale',
      id: 'scale-memory',
      title: 'The memory of an answer',
      about:
        'Peak memory of a process that reads an answer and keeps nothing of it, after many answers of 1,000 chunks. Its young generation is fixed at 2 MB, because it would otherwise grow with the running time.',
      along: 'chunks in an answer',
      unit: 'MB',
      contenders: ['events', 'floor'],
      sizes: upTo(quick ? 100_000 : 1_000_000, 10_000),
      taskOf: (chunks) => flood(chunks),
      repeats: () => 1,
      rounds: quick ? 1 : 3,
      figureOf: ({ peakMb }) => peakMb,
      cost: 'each',
      fresh: true,
      warmUp: flood(1_000, 500),
      execArgv: ['--max-semi-space-size=2'],
      target: 1.1,
    },
    {
      suite: 'scale',
      id: 'scale-history',
      title: 'The length of a conversation',
      about: 'The cost of one more message before the request is sent, by the length of the conversation.',
      along: 'messages',
      unit: 'µs/message',
      contenders: ['history', 'history-floor'],
      sizes: upTo(10_000, 10),
      taskOf: (messages) => ({ url: '', size: messages, times: Math.max(1, 10_000 / messages), atOnce: false }),
      repeats: () => (quick ? 5 : 10),
      rounds: quick ? 2 : 7,
      figureOf: ({ cpu }, messages) => cpu / Math.max(1, 10_000 / messages),
      cost: 'beyond',
      target: 1.1,
      holdsFloor: true,
    },
    {
      suite: 'scale',
      id: 'scale-snapshots',
      title: 'A page that draws each snapshot',
      about: 'The cost of one more chunk for a page that reads the whole text after each, by the length of the answer.',
      along: 'chunks in an answer',
      unit: 'µs/chunk',
      contenders: ['snapshots', 'snapshots-floor'],
      sizes: upTo(100_000, 100),
      taskOf: (chunks) => ({ url: '', size: chunks, times: Math.max(1, 10_000 / chunks), atOnce: false }),
      repeats: () => (quick ? 2 : 5),
      rounds: quick ? 2 : 7,
      figureOf: ({ cpu }, chunks) => cpu / Math.max(1, 10_000 / chunks),
      cost: 'beyond',
      target: 1.1,
      holdsFloor: true,
    },
    {
      suite: 'scale',
      id: 'scale-catalog',
      title: 'The size of a catalog',
      about:
        'The cost of finding the provider of a model: an immediate answer through ten providers, by the number of their models.',
      along: 'models',
      unit: 'µs/answer',
      contenders: ['catalog'],
      sizes: upTo(10_000, 10),
      taskOf: (models) => ({ url: '', size: models, times: 500, atOnce: false }),
      repeats: () => 5,
      rounds: 7,
      figureOf: ({ cpu }) => cpu / 500,
      cost: 'each',
      target: 1.1,
    },
  ]
}

/** This many connections, or fewer where a process may not have that many files open. */
function mostOpen(connections: number): number {
  // A report is untyped, and has no limits on systems without them.
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  const files = userLimits?.open_files?.soft
  return typeof files === 'number' && files < connections + 100 ? mostOpen(connections / 10) : connections
}

/** Tenfold steps. */
function upTo(last: number, first: number): number[] {
  return first > last ? [] : [first, ...upTo(last, first * 10)]
}

/** Short answers are repeated, so that each figure covers about as many chunks. */
const timesOf = (chunks: number): number => Math.max(1, Math.min(2_000, 100_000 / chunks))
