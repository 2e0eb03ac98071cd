import type { Layer } from '../provider.ts'

/**
 * Asks for another model than the caller names: one for all, or by name; names that are not listed stay.
 *
 * @example
 * pipe(lockchat(), model('gpt-4'))
 * pipe(lockchat(), model({ best: 'gpt-4', cheap: 'gpt-3.5-turbo' }))
 */
export function withModel(to: string | Readonly<Record<string, string>>): Layer {
  if (typeof to !== 'string' && (typeof to !== 'object' || (to as unknown) === null)) {
    throw new TypeError(`model: give a model's name, or names by name, as in model({ best: 'gpt-4' }).`)
  }
  const nameFor = (asked: string): string => {
    if (typeof to === 'string') return to
    return Object.hasOwn(to, asked) ? (to[asked] ?? asked) : asked
  }
  return (next) => ({
    ...next,
    stream: (request, call) => next.stream({ ...request, model: nameFor(request.model) }, call),
  })
}
