import { registerHooks } from 'node:module'
import { simulator } from '@rivulet/simulator'
import { expect, onTestFinished, test } from 'vitest'

test('nothing is loaded before the first question, and all questions share what it loads', async () => {
  let asked = 0
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@rivulet/provider-lockchat' && context.parentURL?.includes('lighter-page') === true) asked++
      return next(specifier, context)
    },
  })
  onTestFinished(() => {
    hooks.deregister()
  })
  await using sim = await simulator({ pace: 'instant' })
  const { answer } = await import('../lighter-page.ts')
  expect(asked).toBe(0)
  for (const content of ['count to 3', 'count to 4']) {
    const pieces = await Array.fromAsync(answer(sim.baseUrl('lockchat'), [{ role: 'user', content }]))
    expect(pieces.join('')).toContain('1, 2, 3')
  }
  expect(asked).toBe(1)
  expect(sim.requests.length).toBe(2)
})
