import { spawn } from 'node:child_process'

/** Opens the page in a browser on a local desktop; elsewhere the user opens the printed address. */
export function openInBrowser(url: string): void {
  const command = opener(process.platform, process.env)
  if (command === undefined || !process.stdout.isTTY) return
  const [name, ...args] = command
  const child = spawn(name, [...args, url], { stdio: 'ignore', detached: true })
  // The opener is not installed: the address is on the terminal.
  child.on('error', () => undefined)
  child.unref()
}

function opener(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): [string, ...string[]] | undefined {
  if (env.CI !== undefined || env.SSH_CONNECTION !== undefined) return undefined
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['explorer.exe']
  return (env.DISPLAY ?? env.WAYLAND_DISPLAY) === undefined ? undefined : ['xdg-open']
}
