import type { Provider } from '@rivulet/core'
import { wrap } from '@rivulet/core/provider'

/** Layers that are wrong in one point, and the laws that this point breaks. */
export const wrongLayers: Readonly<
  Record<string, readonly [layer: (next: Provider) => Provider, breaks: readonly RegExp[]]>
> = {
  'keeps the credentials of a call to itself': [
    (next) => wrap(next, { stream: (request, { credentials: _, ...call } = {}) => next.stream(request, call) }),
    [/a credential of the call/],
  ],
  'passes foreign streams on': [(next) => wrap(next, {}), [/not ours cannot lie through a layer/]],
}
