import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { expect, test } from 'vitest'
import { rivulet } from '../src/rivulet.ts'

test.each([undefined, null, 5, [], true])('%s is no question, and is refused with what one is', async (question) => {
  const river = rivulet({ providers: [openaiCompatible({ id: 'x', baseUrl: 'http://127.0.0.1' })], model: 'm' })
  expect(() => river.text(question as never)).toThrow(/ask a text, or a request/)
  await expect(river.complete(question as never)).rejects.toThrow(/ask a text, or a request/)
})
