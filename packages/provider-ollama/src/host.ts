const HOST = /^(?<scheme>https?:\/\/)?(?<name>\[[\da-f:.]+\]|[^:/@[\]]*)(?<port>:\d{1,5})?(?<path>\/.*)?$/i
const BARE_IPV6 = /^[\da-f]*(?::[\da-f.]*){2,}$/i

/** Of a host without a scheme; a scheme has its own. */
const DEFAULT_PORT = ':11434'

/** A server listens there for every address of its machine, and a client asks it on this machine. */
const ANY_ADDRESS: ReadonlyMap<string, string> = new Map([
  ['', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['[::]', '[::1]'],
])

/**
 * `OLLAMA_HOST`, the variable of Ollama itself, as a base URL. Scheme, host and port may each be left out, as in
 * `192.168.1.5`, `:8080`, `[::1]:11434`, `https://ollama.example/path`. It also tells a server where to listen, and `0.0.0.0`
 * then means this machine.
 *
 * @throws TypeError for anything but a host.
 * @see https://github.com/ollama/ollama/blob/main/envconfig/config.go (2026-11-28)
 */
export function baseUrlOf(host: string): string {
  const given = host.trim().replace(/^(["'])(.*)\1$/, '$2')
  const parts = HOST.exec(BARE_IPV6.test(given) ? `[${given}]` : given)?.groups
  const name = parts?.name ?? ''
  const port = parts?.port ?? (parts?.scheme === undefined ? DEFAULT_PORT : '')
  const url = `${parts?.scheme ?? 'http://'}${ANY_ADDRESS.get(name) ?? name}${port}${parts?.path ?? ''}`
  if (parts !== undefined && URL.canParse(url)) return url
  // Its value is not shown: it may have a password.
  throw new TypeError('ollama: OLLAMA_HOST is not a host: write it as in "192.168.1.5:11434".')
}
