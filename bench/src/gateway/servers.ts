import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMPETITORS_FOLDER } from '../competitors.ts'
import { pinned } from '../pin.ts'
import type { Row } from '../result.ts'

export interface Where {
  readonly port: number
  /** The origin of the endpoint. */
  readonly upstream: string
}

/** A server that is measured. */
export interface Server {
  readonly label: string
  readonly kind: Row['kind']
  readonly isFloor?: true
  readonly command: (where: Where, execArgv: readonly string[]) => readonly [file: string, ...args: string[]]
  /** Sent with each request. */
  readonly headers?: (where: Where) => Record<string, string>
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const node = (...args: string[]): [string, ...string[]] => {
  const { command, args: before } = pinned('contender')
  return [command, ...before, ...args]
}

const OURS: Server = {
  label: 'rivulet: a key, a group, metrics, truth',
  kind: 'ours',
  command: (_where, execArgv) => node(...execArgv, '--no-warnings', file('rivulet.ts')),
}

const PLAIN: readonly Server[] = [
  {
    label: 'node:http + undici.dispatch, every chunk parsed and written anew',
    kind: 'loop',
    isFloor: true,
    command: () => node('--no-warnings', file('plain.ts'), 'parsed'),
  },
  {
    label: 'node:http + undici.dispatch, bytes through',
    kind: 'loop',
    command: () => node('--no-warnings', file('plain.ts'), 'bytes'),
  },
]

const NGINX: Server = {
  label: 'nginx',
  kind: 'loop',
  command: (where) => {
    const [command, ...before] = node()
    const args = ['-p', nginxFolder(where), '-c', 'nginx.conf']
    return command === 'taskset' ? [command, ...before.slice(0, 2), 'nginx', ...args] : ['nginx', ...args]
  },
}

const COMPETITORS: readonly Server[] = [
  {
    label: 'fastify + undici',
    kind: 'competitor',
    command: () => node(join(COMPETITORS_FOLDER, 'gateway/fastify.js')),
  },
  {
    label: '@portkey-ai/gateway 1.15.2',
    kind: 'competitor',
    command: ({ port }) =>
      node(
        join(COMPETITORS_FOLDER, 'node_modules/@portkey-ai/gateway/build/start-server.js'),
        '--headless',
        `--port=${port}`,
      ),
    headers: ({ upstream }) => ({ 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` }),
  },
]

/** The servers that can take part, and the names of those that are not installed here. */
export function servers(withCompetitors: boolean): { servers: readonly Server[]; missing: readonly string[] } {
  const hasNginx = isInstalled('nginx')
  return {
    servers: [...PLAIN, OURS, ...(hasNginx ? [NGINX] : []), ...(withCompetitors ? COMPETITORS : [])],
    missing: hasNginx ? [] : ['nginx'],
  }
}

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** One worker, like the others; nothing is buffered. */
function nginxFolder({ port, upstream }: Where): string {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-nginx-'))
  for (const name of ['client', 'proxy', 'fastcgi', 'scgi', 'uwsgi']) mkdirSync(join(folder, name))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'].map(
    (name) => `${name}_temp_path ${name.replace('_body', '')};`,
  )
  const configuration = `daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid nginx.pid; error_log stderr crit;
events { worker_connections 16384; }
http {
  access_log off; ${temporary.join(' ')}
  upstream endpoint { server ${new URL(upstream).host}; keepalive 64; }
  server {
    listen 127.0.0.1:${port} backlog=10000;
    location / {
      proxy_pass http://endpoint; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
      proxy_read_timeout 300s;
    }
  }
}
`
  writeFileSync(join(folder, 'nginx.conf'), configuration)
  return folder
}
