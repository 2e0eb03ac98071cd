import type { Dialect, Route } from './dialect.ts'
import { RequestError } from './request-error.ts'

export interface RouteMatch {
  readonly route: Route
  /** The values of the names in braces, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** Finds the route for a request: by path, then by method. */
export function routeFor({ routes }: Dialect, method: string, path: string): RouteMatch {
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })
  const found = matches.find(({ route }) => route.method === method)
  if (found !== undefined) return found
  if (matches.length === 0) {
    const known = routes.map((route) => `${route.method} ${route.path}`).join(', ')
    throw new RequestError(404, 'not_found', `no such path "${path}"; routes: ${known}`, { param: 'path' })
  }
  const allow = matches.map(({ route }) => route.method).join(', ')
  throw new RequestError(405, 'method_not_allowed', `method ${method} is not allowed on ${path}; use ${allow}`, {
    param: 'method',
    headers: { allow },
  })
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
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
    throw new RequestError(400, 'wrong_value', `the path "${path}" is not valid percent-encoding`, {
      param: 'path',
    })
  }
}
