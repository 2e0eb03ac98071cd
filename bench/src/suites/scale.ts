import type { Bench } from '../bench.ts'
import type { Climb } from '../slope.ts'

/** What must not grow with the size of anything. */
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
      about: 'What one more chunk costs, by the length of the answer (beyond what an answer of 10 costs).',
      along: 'chunks in an answer',
      unit: 'µs/chunk',
      contenders: ['events', 'floor', 'bytes'],
      sizes: upTo(quick ? 100_000 : 1_000_000, 10),
      taskOf: (chunks) => flood(chunks, timesOf(chunks)),
      // What an answer of 10 or 100 costs is nearly all its request's: it takes many to tell them apart.
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
      about:
        'Answers of 50 chunks, on connections that are open: what a chunk costs, by how many answers come at once.',
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
        'The most that the process held that read an answer and kept nothing of it, and, before that, many of 1,000 chunks. Its young generation stays at 2 MB: left alone, it grows with the time that anything runs.',
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
      about: 'What one more message costs before the request is sent, by the length of the conversation.',
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
      id: 'scale-catalog',
      title: 'The size of a catalog',
      about:
        'What an answer costs that is on hand, through ten providers that serve so many models: finding who is asked.',
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

/** So many connections, or fewer where a process may not have that many files open. */
function mostOpen(connections: number): number {
  // A report is untyped, and has no limits where the system has none.
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  const files = userLimits?.open_files?.soft
  return typeof files === 'number' && files < connections + 100 ? mostOpen(connections / 10) : connections
}

/** Tenfold steps. */
function upTo(last: number, first: number): number[] {
  return first > last ? [] : [first, ...upTo(last, first * 10)]
}

/** Short answers often, so that each figure is of as many chunks. */
const timesOf = (chunks: number): number => Math.max(1, Math.min(2_000, 100_000 / chunks))
