import { must } from '../check/check.ts'
import type { Layer } from '../provider.ts'
import { batchesOf, trustedStream } from '../stream.ts'
import { streamOf } from '../stream-of.ts'
import { wrap } from './wrap.ts'

/**
 * Replaces the model of a request, also for embeddings: every name by one, or by a record of names. Names that the record does
 * not list stay the same.
 *
 * @throws TypeError for anything but a name or a record of names.
 * @example
 * pipe(lockchat(), withModel('gpt-4'))
 * pipe(lockchat(), withModel({ best: 'gpt-4', cheap: 'gpt-3.5-turbo' }))
 */
export function withModel(to: string | Readonly<Record<string, string>>): Layer {
  if (typeof to !== 'string' && (typeof to !== 'object' || (to as unknown) === null)) {
    throw new TypeError(`withModel: pass a model's name or a record of names, as in withModel({ best: 'gpt-4' }).`)
  }
  const names = typeof to === 'string' ? { name: to } : to
  for (const [name, model] of Object.entries(names)) {
    const isName = typeof (model as unknown) === 'string' && model !== ''
    must(isName, `withModel: ${name}`, "a model's name", model)
  }
  const renamed = <Request extends { readonly model: string }>(request: Request): Request => ({
    ...request,
    model: typeof to === 'string' ? to : Object.hasOwn(to, request.model) ? to[request.model] : request.model,
  })
  return (next) => {
    const embed = next.embed?.bind(next)
    return wrap(next, {
      stream(request, call) {
        const inner = streamOf(next, renamed(request), call)
        // The stream of a provider that is not ours is checked, as in every other layer.
        return trustedStream(call?.signal, () => batchesOf(inner, call?.signal))
      },
      embed: embed && ((request, call) => embed(renamed(request), call)),
    })
  }
}
