import { expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import { withModel } from '../../src/layers/with-model.ts'
import { type Layer, pipe, type Provider } from '../../src/provider.ts'
import { finish, hello, local, start } from '../support/providers.ts'

/** A provider that notes which model it was asked for. */
function noting(): { provider: Provider; asked: string[] } {
  const asked: string[] = []
  const provider = local(async function* (_call, request) {
    asked.push(request.model)
    yield start
    yield finish
  })
  return { provider, asked }
}

test('one model for all', async () => {
  const { provider, asked } = noting()
  await collect(pipe(provider, withModel('gpt-4')).stream(hello))
  expect(asked).toEqual(['gpt-4'])
})

test('a model by name; names that are not listed stay', async () => {
  const { provider, asked } = noting()
  const aliased = pipe(provider, withModel({ best: 'gpt-4' }))
  for (const name of ['best', 'm1', 'toString', '__proto__']) await collect(aliased.stream({ ...hello, model: name }))
  expect(asked).toEqual(['gpt-4', 'm1', 'toString', '__proto__'])
})

test('the request is not changed', async () => {
  const request = Object.freeze({ ...hello })
  await collect(pipe(noting().provider, withModel('gpt-4')).stream(request))
  expect(request).toEqual(hello)
})

test.each([undefined, null, 7])('%s is no model', (given) => {
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
  await collect(pipe(noting().provider, named('inner'), named('middle'), named('outer')).stream(hello))
  expect(order).toEqual(['outer', 'middle', 'inner'])
})

test('pipe without layers is the provider itself', () => {
  const { provider } = noting()
  expect(pipe(provider)).toBe(provider)
})

test('a layer keeps what the provider says of itself', () => {
  const { provider } = noting()
  expect(pipe(provider, withModel('gpt-4'))).toMatchObject({ id: 'local', info: provider.info })
})
