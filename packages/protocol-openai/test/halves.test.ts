import { expect, test } from 'vitest'
import { chatCompletions, responses } from '../src/index.ts'

test.each([
  ['chat completions', chatCompletions],
  ['Responses', responses],
])('%s: a request is written at once, an answer is read when its half is loaded', async (_name, dialect) => {
  const protocol = dialect()
  const messages = [{ role: 'user' as const, content: 'Hello' }]
  expect(protocol.encode({ model: 'm1', messages })).toMatchObject({ body: { model: 'm1' } })
  const reads = [
    () => protocol.framing('text/event-stream'),
    () => protocol.decode(() => undefined),
    () => protocol.decodeError?.(500, ''),
  ]
  for (const read of reads)
    expect(read).toThrow(new TypeError('this dialect reads nothing yet: await its load() first.'))
  await protocol.load?.()
  for (const read of reads) expect(read).not.toThrow()
})
