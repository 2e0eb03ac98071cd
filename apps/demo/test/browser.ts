import { existsSync } from 'node:fs'
import type { Clock } from '@rivulet/core'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import type { Backend } from '../src/backend.ts'
import type { DemoServer } from '../src/server.ts'
import { demo } from './harness.ts'

const CHROMIUM = '/usr/bin/chromium'
const ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const isThere = existsSync(CHROMIUM)

/** Slow enough to observe streaming, fast enough for a test. */
export const STEADY = { firstTokenMs: 20, tokensPerSecond: 120 }

let browser: Browser | undefined

/** A test in Chromium, which is skipped where there is none. */
export function inBrowser(name: string, run: () => Promise<void>): void {
  test.skipIf(!isThere)(isThere ? name : `${name} (skipped: there is no ${CHROMIUM})`, run)
}

/** Call once in a file of tests: its tests share one browser. */
export function withBrowser(): void {
  beforeAll(async () => {
    if (isThere) browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
  })
  afterAll(async () => {
    await browser?.close()
  })
}

export interface Opened {
  page: Page
  /** What the browser reported. */
  problems: string[]
  backend: Backend
  simulator: Backend['simulator']
  server: DemoServer
}

/** The page in a browser of its own storage. */
export async function opened(
  pace: Parameters<typeof demo>[0] = 'instant',
  options: BrowserContextOptions = { viewport: { width: 360, height: 740 } },
  clock?: Clock,
): Promise<Opened> {
  const { server, backend } = await demo(pace, clock)
  if (browser === undefined) throw new Error('The browser is not running.')
  const page = await browser.newPage(options)
  const problems: string[] = []
  page.on('console', (message) => {
    // The browser itself logs a response with an error status.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(`${server.url}/`) || /^(?:data|blob):/.test(request.url())
    if (!isOwn) problems.push(`requested ${request.url()}`)
  })
  await page.goto(server.url)
  await ready(page)
  return { page, problems, backend, simulator: backend.simulator, server }
}

/** Waits until the page can be used. */
async function ready(page: Page): Promise<void> {
  await page.locator('#model option').first().waitFor({ state: 'attached' })
  await page.locator('.banks li').first().waitFor()
}

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel('Your question').fill(question)
  await page.keyboard.press('Enter')
}

/** What axe finds on the page as it is shown. */
export async function findings(page: Page): Promise<unknown> {
  await page.evaluate(axe.source)
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
  )
}
