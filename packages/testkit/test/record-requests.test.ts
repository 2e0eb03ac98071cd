import { expect, test } from 'vitest'
import { recordRequests, replay } from '../src/index.ts'

test('requests and answers go through unchanged', async () => {
  const { transport, sent, lastBody } = recordRequests(replay({ status: 201, headers: { x: 'y' }, chunks: ['a', 'b'] }))
  const asked = { method: 'GET' as const, url: 'http://a.example', headers: { a: 'b' } }
  const { status, headers, body } = await transport(asked, { signal: new AbortController().signal })
  const pieces: string[] = []
  for await (const piece of body) pieces.push(Buffer.from(piece).toString())
  expect({ status, headers, pieces }).toEqual({ status: 201, headers: { x: 'y' }, pieces: ['a', 'b'] })
  expect(sent).toEqual([asked])
  expect(() => lastBody()).toThrow(TypeError)
})
