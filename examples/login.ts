/** A provider with a login: the token is fetched for the first request, shared, and fetched anew when it is refused. */
import { ChatError, type Provider, type ProviderOptions, retry } from '@rivulet/core'
import { type Authorize, bearer, httpProvider } from '@rivulet/core/provider'
import { chatCompletions, chatSettings } from '@rivulet/protocol-openai'

const facts = { name: 'Acme', url: 'https://acme.example', auth: 'required', streaming: true, models: [] } as const
const dialect = { info: { ...facts, settings: chatSettings() }, protocol: chatCompletions() }
// A token that was refused is replaced once; a wrong password, which has no status, is not sent again.
const again = retry({ attempts: 2, backoffMs: 0, retryWhen: ({ code, status }) => code === 'auth' && status === 401 })

/** `password` is sent to the login and to nothing else. */
export function acme(options: ProviderOptions & { password: string }): Provider {
  const { password, baseUrl = 'https://api.acme.example/v1' } = options
  let token: Promise<string> | undefined
  const authorize: Authorize = async () => {
    const login = (token ??= logIn(`${baseUrl}/login`, password))
    const forget = (): void => {
      if (token === login) token = undefined // Otherwise another call has logged in meanwhile.
    }
    login.catch(forget)
    return { ...bearer(await login), onRefused: forget }
  }
  const own = { id: 'acme', baseUrl, authorize, layers: [again], ownOptions: { password: true } } as const
  return httpProvider({ ...dialect, ...own }, options)
}

/** Its time limit is its own and not a caller's: calls share it, and one that aborts must not end it for the others. */
async function logIn(url: string, password: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: password, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new ChatError('auth', `the login was refused with HTTP ${response.status}`)
  return await response.text()
}
