import { CODES } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { helpFor } from '../../public/composer/help.js'
import { errorMessageFor } from '../../public/error-messages.js'
import { backend } from '../harness.ts'

test('help about a provider is a sentence for people', async () => {
  expect(helpFor(undefined)).toBe('One of the providers answers; if it fails, the next one takes over.')
  const { members } = await backend()
  for (const { provider } of members) {
    const { id, info } = provider
    const settings = info.settings.map(({ name }) => name)
    const models = info.models.map(({ id, inputs, tools }) => ({
      id,
      ...(inputs && { inputs: [...inputs] }),
      ...(tools !== undefined && { tools }),
    }))
    const help = helpFor({ id, name: info.name, simulated: true, settings, models }, models[0])
    expect(help).toMatch(/^Only .+ is asked; no other provider takes over if it fails\.( It [\w ]+\.)*$/)
    expect(help).not.toMatch(/[(){}:]|undefined/)
  }
})

test('each code has advice of its own, and never only to try again what cannot work', () => {
  const codes = Object.entries(CODES)
  for (const [code, { retryable, failover }] of codes) {
    const { title, advice, remedies } = errorMessageFor({ code })
    expect(title, code).not.toBe('No answer')
    expect(advice).toMatch(/\.$/)
    expect(remedies.length, code).toBeGreaterThan(0)
    // Where another provider may answer, it is the first that is offered.
    if (failover && retryable) expect(remedies[0], code).toBe('any')
    if (!retryable && code !== 'exhausted' && code !== 'not-found') expect(remedies, code).not.toContain('retry')
  }
  expect(new Set(codes.map(([code]) => errorMessageFor({ code }).advice)).size).toBe(codes.length)
})

test.each([
  [400, 'a second'],
  [12_000, '12 seconds'],
  [600_000, '10 minutes'],
])('a wait of %i ms is said', (retryAfterMs, words) => {
  expect(errorMessageFor({ code: 'rate-limited', retryAfterMs }).advice).toContain(`asks to wait ${words}.`)
})
