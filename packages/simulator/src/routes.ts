import type { Dialect, Route } from './dialect.ts'
import { Refusal } from './refusal.ts'

export interface Found {
  readonly route: Route
  /** What stood in the place of the names in braces, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** The route of a dialect that a request takes: the path decides, then the method. */
export function routeFor({ routes }: Dialect, method: string, path: string): Found {
  const matches = routes.flatMap((route) => {
    const params = matched(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })
  const found = matches.find(({ route }) => route.method === method)
  if (found !== undefined) return found
  if (matches.length === 0) {
    const known = routes.map((route) => `${route.method} ${route.path}`).join(', ')
    const verb = routes.length === 1 ? 'is' : 'are'
    throw new Refusal(404, 'not_found', `no such path "${path}"; there ${verb}: ${known}`, { param: 'path' })
  }
  const allow = matches.map(({ route }) => route.method).join(', ')
  throw new Refusal(405, 'method_not_allowed', `method ${method} is not allowed on ${path}; use ${allow}`, {
    param: 'method',
    headers: { allow },
  })
}

function matched(pattern: string, path: string): Record<string, string> | undefined {
  const source = pattern
    .split(/\{(\w+)\}/)
    .map((piece, at) => (at % 2 === 0 ? piece.replaceAll(/[.:]/g, String.raw`\$&`) : `(?<${piece}>[^/:]+)`))
    .join('')
  const groups = new RegExp(`^${source}$`).exec(path)
  if (groups === null) return undefined
  try {
    return Object.fromEntries(
      Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    )
  } catch {
    throw new Refusal(400, 'wrong_value', `the path "${path}" is not percent-encoded as it should be`, {
      param: 'path',
    })
  }
}
