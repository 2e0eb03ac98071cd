import { checkOptions } from '../check/check.ts'
import { isRecord } from '../check/is-record.ts'
import { FIELDS, type SettingName } from '../check/settings.ts'
import { httpProvider, type ProviderOptions } from '../http/http-provider.ts'
import { wrap } from '../layers/wrap.ts'
import type { Provider } from '../provider.ts'
import { eventProtocol } from './event-protocol.ts'
import { pageRequest } from './page-request.ts'

export type RemoteOptions = Pick<ProviderOptions, 'headers' | 'transport' | 'deadlines'>

const OPTIONS: Readonly<Record<keyof RemoteOptions, true>> = { headers: true, transport: true, deadlines: true }

const ID = 'remote'

/** The name that stands for the server's choice, and is not sent. */
const DEFAULT_MODEL = 'default'

/**
 * A route of your own server as a provider, for its page: so that `chat()`, layers and groups work there. The route reads the
 * body by `chatRequest()` and answers by `toResponse()`. Events, errors and waits come through as the server had them; `start`
 * names the provider that answered there.
 *
 * - Any model may be asked. It lists one, `'default'`, which leaves the choice to the server.
 * - `extra` is refused, because `chatRequest()` takes none; native parts, marks for caches and a `native` request are left out
 *   and named in `dropped`.
 * - In a browser, cookies go with requests to the page's own origin, as always with `fetch()`.
 *
 * @param url The route. In a browser it may be relative to the page: `'/api/chat'`.
 * @throws TypeError for anything but an `http:` or `https:` URL; from `stream()` for a relative one outside a browser, so that a
 *   page may be rendered on a server.
 * @example
 * const { snapshots } = chat(remote('/api/chat'))
 * for await (const { text } of snapshots('Why is the sky blue?')) console.log(text)
 */
export function remote(url: string, options: RemoteOptions = {}): Provider {
  checkOptions(ID, options, OPTIONS)
  const resolved = resolve(url)
  const { origin, pathname, search } = resolved ?? new URL('http://page.invalid')
  // The keys of FIELDS are setting names, which the type of Object.keys does not say.
  const settings = (Object.keys(FIELDS) as SettingName[]).map((name) => ({ name, type: FIELDS[name].type }))
  const protocol = eventProtocol(ID)
  const provider = httpProvider(
    {
      id: ID,
      info: {
        name: 'Remote',
        url,
        auth: 'none',
        streaming: true,
        models: [{ id: DEFAULT_MODEL }],
        settings,
      },
      baseUrl: origin,
      protocol: {
        ...protocol,
        open(request) {
          const { body, dropped } = pageRequest(request)
          if (request.model === DEFAULT_MODEL) delete body.model
          return { http: { path: pathname + search, body }, dropped, decode: protocol.decode }
        },
      },
    },
    options,
  )
  return wrap(provider, {
    stream(request, call) {
      if (resolved === undefined) {
        throw new TypeError(
          `${ID}: "${url}" is relative to a page, and there is none: write the whole URL, as in "https://example.com${url.startsWith('/') ? url : `/${url}`}".`,
        )
      }
      // In a group, the fields for other members do not come here.
      if (isRecord(request) && request.extra !== undefined) {
        throw new TypeError(`${ID}: extra is not sent: a server takes no body fields from a page. Set them there.`)
      }
      return provider.stream(request, call)
    },
  })
}

/** The whole URL of a route; `undefined` for a relative one outside a browser. */
function resolve(url: unknown): URL | undefined {
  const base = pageUrl()
  // An empty one is most likely a variable that is not set.
  if (typeof url === 'string' && url !== '') {
    if (URL.canParse(url, base)) {
      const whole = new URL(url, base)
      const { protocol, username, password, hash } = whole
      if (/^https?:$/.test(protocol) && username + password + hash === '') return whole
    } else if (base === undefined && URL.canParse(url, 'http://page.invalid')) return undefined
  }
  throw new TypeError(
    `${ID}: pass the URL of a route, without a password or a fragment, as in "/api/chat" or "https://example.com/api/chat".`,
  )
}

/** What a relative URL is relative to, in a page or a worker. */
function pageUrl(): string | undefined {
  const { document, location } = globalThis as { document?: { baseURI?: string }; location?: { href?: string } }
  return document?.baseURI ?? location?.href
}
