import { createHash } from 'node:crypto'
import { type Asked, quote } from './asked.ts'

/** What is thought before an answer, in words that show where it came from. */
export function thoughts({ prompt, random }: Asked): string {
  const plan = random.pick([
    'A short answer in the form that was asked for will do.',
    'I should say only what I know, and say it plainly.',
    'Nothing here needs more than a few sentences.',
  ])
  return `The last message is “${quote(prompt)}”. ${plan}`
}

/**
 * The proof that the simulator made something: it is given with the thing, and checked when the thing comes back. Another
 * simulator gives the same, so that a conversation can outlive the one it began on.
 */
export function signatureOf(...signed: readonly string[]): string {
  return createHash('sha256')
    .update(`rivulet-simulator\u0000${signed.join('\u0000')}`)
    .digest('base64')
}

/** Whether it is a signature that could be any simulator's; what it signs is not asked. */
export function looksSigned(signature: string): boolean {
  return /^[A-Za-z\d+/]{43}=$/.test(signature)
}
