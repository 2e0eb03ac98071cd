import { environment } from '@rivulet/core/provider'
import { KNOWN_PROVIDERS } from 'rivulet'
import type { OpenRiver } from './river.ts'
import { styled } from './terminal.ts'

/** What a person sees who starts the gateway: what it serves where, and the line that makes agents ask it. */
export function welcome({ url, open, hasKey }: { url: string; open: OpenRiver; hasKey: boolean }): string {
  const ids = open.river.providers.map(({ id }) => id).join(', ')
  const what = open.isSimulated ? `a simulator of ${ids}` : ids
  return `Rivulet serves ${what} on ${styled('cyan', url, process.stdout)}. Press Ctrl-C to stop.\n${forAgents(url, hasKey)}\n`
}

/** Agents want a credential, also where none is asked for. */
function forAgents(url: string, hasKey: boolean): string {
  const key = hasKey ? '"$RIVULET_KEY"' : 'any'
  const at = reachable(url)
  return [
    'For agents: export',
    `ANTHROPIC_BASE_URL=${at} ANTHROPIC_AUTH_TOKEN=${key}`,
    `OPENAI_BASE_URL=${at}/v1 OPENAI_API_KEY=${key}`,
    `GOOGLE_GEMINI_BASE_URL=${at} GEMINI_API_KEY=${key}`,
  ].join(' ')
}

/** Every address is one to listen on, and none to ask. */
const reachable = (url: string): string => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')

/**
 * The variable that makes a provider of the gateway itself, as when the line for agents was pasted before the gateway was started
 * again: each request would come back to it for ever.
 */
export function onItself(host: string, port: number): string | undefined {
  return KNOWN_PROVIDERS.map(({ baseUrl }) => baseUrl).find((variable) => {
    const asked = URL.parse(environment(variable) ?? '')
    return asked?.port === String(port) && [host, 'localhost', '127.0.0.1', '[::1]'].includes(asked.hostname)
  })
}
