import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Checksum, streams } from '../src/contender.ts'
import { type ContenderName, contenders } from '../src/contenders.ts'
import { openSource, type Source } from '../src/open-source.ts'
import { type AnswerName, textOf } from '../src/wire/answers.ts'

/** Every contender must read the text that was sent. */

const CHUNKS = 120

const readers: readonly [ContenderName, AnswerName][] = [
  ...(['floor', 'fetch', 'scan', 'events', 'text', 'collect', 'group', 'by-fetch'] as const).map(
    (name) => [name, 'openai'] satisfies [ContenderName, AnswerName],
  ),
  ['floor', 'openai-padded'],
  ['events', 'openai-padded'],
  ['lockchat', 'openai'],
  ['anthropic', 'anthropic'],
  ['anthropic-floor', 'anthropic'],
  ['google', 'google'],
  ['google-floor', 'google'],
  ['ollama', 'ollama'],
  ['ollama-floor', 'ollama'],
  ['raw', 'text'],
  ['raw-floor', 'text'],
]

const checksumOf = (text: string): string => {
  const checksum = new Checksum()
  checksum.take(text)
  return checksum.toString()
}

let source: Source

beforeAll(async () => {
  source = await openSource()
})

afterAll(() => {
  source.close()
})

describe.each(readers)('%s reads %s', (name, answer) => {
  test.each(['backlogged', 'paced'])('%s', async (mode) => {
    const work = await contenders[name]?.load()
    const url = `${source.origin}/${answer}/${mode}/${CHUNKS}`
    const proof = await work?.({ url, size: CHUNKS, times: 3, atOnce: true })
    expect(proof?.()).toBe(checksumOf(textOf(CHUNKS)))
  })
})

test('a reader that misses a part is noticed', async () => {
  const text = textOf(CHUNKS)
  const work = streams(async (_url, take) => {
    take(text.slice(0, -1))
  })
  const proof = await work({ url: '', size: CHUNKS, times: 1, atOnce: false })
  expect(proof()).not.toBe(checksumOf(text))
})

test('the checksum of a text does not depend on its cuts', () => {
  const text = textOf(CHUNKS)
  const pieces = new Checksum()
  for (let at = 0; at < text.length; at += 7) pieces.take(text.slice(at, at + 7))
  expect(pieces.toString()).toBe(checksumOf(text))
})

describe.each(['write-openai', 'write-anthropic'] as const)('%s', (name) => {
  test('writes the same bytes as its floor', async () => {
    const task = { url: '', size: 50, times: 2, atOnce: false }
    const [ours, floor] = await Promise.all(
      [name, `${name}-floor`].map(async (each) => (await contenders[each]?.load())?.(task)),
    )
    expect(ours?.()).toBe(floor?.())
    expect(ours?.()).toMatch(/^\d{4,}:/)
  })
})
