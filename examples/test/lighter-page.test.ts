import { simulator } from '@rivulet/simulator'
import { expect, test, vi } from 'vitest'

test('nothing is loaded before the first question, and all questions share what it loads', async () => {
  const loaded = vi.fn()
  vi.doMock('@rivulet/provider-lockchat', async (original) => {
    loaded()
    return await original()
  })
  await using sim = await simulator({ pace: 'instant' })
  const { answer } = await import('../lighter-page.ts')
  expect(loaded).not.toHaveBeenCalled()
  for (const content of ['count to 3', 'count to 4']) {
    const pieces = await Array.fromAsync(answer(sim.baseUrl('lockchat'), [{ role: 'user', content }]))
    expect(pieces.join('')).toContain('1, 2, 3')
  }
  expect(loaded).toHaveBeenCalledOnce()
  expect(sim.requests.length).toBe(2)
})
