import { onOneLine, styled } from '../terminal.ts'

interface Welcomed {
  readonly url: string
  /** Where metrics have an address of their own. */
  readonly observeUrl: string | undefined
  readonly what: string
  readonly hasKey: boolean
}

/** What a person sees who starts the gateway: what it serves where, and the line that makes agents ask it. */
export function welcome({ url, observeUrl, what, hasKey }: Welcomed): string {
  const shown = styled('cyan', url, process.stdout)
  const metrics = observeUrl === undefined ? '' : `Metrics: ${observeUrl}/metrics\n`
  return `Rivulet serves ${onOneLine(what)} on ${shown}. Press Ctrl-C to stop.\n${metrics}${forAgents(url, hasKey)}\n`
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
