/** How deep a request may be nested: deeper than any JSON Schema in use, and far from the end of the stack. */
const MAX_DEPTH = 200

/**
 * The request as it is at the call. Layers and groups send it later, or again, and its caller may change it meanwhile: a page
 * pushes the next turn into the same array. Arrays and plain objects are copied, to any depth; strings, which are what is
 * large, are shared. Anything else is left as it is, for the provider to refuse.
 *
 * @throws TypeError for a request that is nested deeper than 200 levels, or circular.
 */
export function copyRequest<Request>(request: Request): Request {
  // A copy of a value has its type.
  return copied(request, 0) as Request
}

function copied(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) {
    throw new TypeError(`the request is nested deeper than ${MAX_DEPTH} levels, or circular: send plain JSON.`)
  }
  if (Array.isArray(value)) return value.map((item) => copied(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const copy: Record<string, unknown> = { ...value }
  for (const name of Object.keys(copy)) {
    const inner = copy[name]
    if (typeof inner === 'object' && inner !== null) copy[name] = copied(inner, depth + 1)
  }
  return copy
}
