import { createHash } from 'node:crypto'
import { type PromptContext, quote } from './prompt.ts'

/** Reasoning before an answer; it quotes the prompt, so that a test can recognise it. */
export function reasoningText({ prompt, random }: PromptContext): string {
  const plan = random.pick([
    'A short answer in the form that was asked for will do.',
    'I should say only what I know, and say it plainly.',
    'Nothing here needs more than a few sentences.',
  ])
  return `The last message is “${quote(prompt)}”. ${plan}`
}

/**
 * The signature that proves that a simulator made a block: sent with the block, checked when the client sends it back.
 * Every simulator computes the same one, so that a conversation can continue on another instance.
 */
export function signatureOf(...signed: readonly string[]): string {
  return createHash('sha256')
    .update(`rivulet-simulator\u0000${signed.join('\u0000')}`)
    .digest('base64')
}

/** Whether the text has the form of a signature; it is not verified against any content. */
export function looksLikeSignature(signature: string): boolean {
  return /^[A-Za-z\d+/]{43}=$/.test(signature)
}
