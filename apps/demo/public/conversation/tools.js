import { tool } from '@rivulet/core'

/** What a model may call on this page: enough to see a call, its input as it streams, and its result. */
export const TOOLS = [
  tool({
    name: 'current_time',
    description: 'The date and the time of the reader, with the time zone.',
    parameters: { type: 'object', properties: {} },
    run: () => new Date().toString(),
  }),
  tool({
    name: 'roll_dice',
    description: 'Rolls dice and gives what each shows.',
    parameters: {
      type: 'object',
      properties: { count: { type: 'integer', minimum: 1, maximum: 10, description: 'How many dice' } },
      required: ['count'],
    },
    run: ({ count }) => Array.from({ length: Math.min(Number(count), 10) }, () => 1 + Math.floor(Math.random() * 6)),
  }),
]
