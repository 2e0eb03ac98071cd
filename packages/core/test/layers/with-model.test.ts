import { expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import { withModel } from '../../src/layers/with-model.ts'
import { type Layer, pipe, type Provider } from '../../src/provider.ts'
import { finish, hello, local, start } from '../support/providers.ts'

/** A provider that records the requested models. */
function recording(): { provider: Provider; asked: string[] } {
  const asked: string[] = []
  const provider = local(async function* (_call, request) {
    asked.push(request.model)
    yield start
    yield finish
  })
  return { provider, asked }
}

test('one model for all requests', async () => {
  const { provider, asked } = recording()
  await collect(pipe(provider, withModel('gpt-4')).stream(hello))
  expect(asked).toEqual(['gpt-4'])
})

test('a model by name; unlisted names stay the same', async () => {
  const { provider, asked } = recording()
  const aliased = pipe(provider, withModel({ best: 'gpt-4' }))
  for (const name of ['best', 'm1', 'toString', '__proto__']) await collect(aliased.stream({ ...hello, model: name }))
  expect(asked).toEqual(['gpt-4', 'm1', 'toString', '__proto__'])
})

test('the request is not changed', async () => {
  const request = Object.freeze({ ...hello })
  await collect(pipe(recording().provider, withModel('gpt-4')).stream(request))
  expect(request).toEqual(hello)
})

test.each([undefined, null, 7])('%s is not a model', (given) => {
  expect(() => withModel(given as unknown as string)).toThrow(TypeError)
})

test('pipe: the last layer named is the outermost', async () => {
  const order: string[] = []
  const named =
    (name: string): Layer =>
    (next) => ({
      ...next,
      stream: (request, call) => {
        order.push(name)
        return next.stream(request, call)
      },
    })
  await collect(pipe(recording().provider, named('inner'), named('middle'), named('outer')).stream(hello))
  expect(order).toEqual(['outer', 'middle', 'inner'])
})

test('pipe without layers is the provider itself', () => {
  const { provider } = recording()
  expect(pipe(provider)).toBe(provider)
})

test('a layer keeps the provider’s id and info', () => {
  const { provider } = recording()
  expect(pipe(provider, withModel('gpt-4'))).toMatchObject({ id: 'local', info: provider.info })
})
