import { readFileSync } from 'node:fs'
import { type AnswerFixture, rawTextVariants, type Subject } from '@rivulet/testkit'
import { liaobots } from '../src/index.ts'

/** The endpoint wants a UUID, and equal requests want the same. */
const CONVERSATION = '6f1b9c1e-3b51-4d0a-9a57-0c8a5d1d9d11'

export const AUTH = 'Auth-c0de.0123456789_abc'

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url))
const contentType = 'text/plain; charset=utf-8'
const asText = (name: string): AnswerFixture => ({
  contentType,
  body: fixture(name),
  text: fixture(name).toString(),
  usage: 'absent',
  endMark: false,
})

/** Liaobots under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Liaobots',
  provider: (options) => liaobots({ auth: AUTH, conversationId: () => CONVERSATION, ...options }),
  request: { model: 'gpt-4', messages: [{ role: 'user', content: 'count to 5' }] },
  secrets: [AUTH],
  answers: {
    ...rawTextVariants,
    text: asText('text.txt'),
    more: { 'an answer that begins like an error': asText('like-an-error.txt') },
    errorFirst: { contentType, body: fixture('error.json'), code: 'rate-limited' },
  },
}
