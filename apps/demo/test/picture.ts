/**
 * Takes the pictures of the page that the README shows, docs/pictures/, with the Chromium that the tests use, and prints the
 * longest task of each. `pnpm picture [name…]` takes some of them.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type Backend, openBackend } from '../src/backend.ts'
import { demoServer } from '../src/server.ts'

interface Picture {
  name: string
  options: BrowserContextOptions
  show: (page: Page, backend: Backend) => Promise<void>
}

const DESK = { width: 1040, height: 760 }
const PHONE = { width: 360, height: 740 }

const ask = async (page: Page, question: string): Promise<void> => {
  await page.getByLabel('Your question').fill(question)
  await page.keyboard.press('Enter')
}

const answered = async (page: Page, backend: Backend): Promise<void> => {
  backend.weather.set({ provider: 'openai', fault: 'kill', times: 1 })
  await ask(page, 'A table of six long rivers')
  await page.locator('.answer.ended').waitFor()
}

/** Plays a story up to its middle: it has said this sentence, and some of the new text is there. */
const story =
  (title: string, sentence: RegExp, text = /\b20,/) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: title, exact: false }).click()
    await page.locator('.telling').getByText(sentence).waitFor()
    await page.locator('.pane:last-child .fresh').filter({ hasText: text }).waitFor()
  }

const weather = async (page: Page, backend: Backend): Promise<void> => {
  await page.getByRole('button', { name: 'Weather' }).click()
  backend.weather.set({ provider: 'openai', fault: 'busy', times: undefined })
  backend.weather.set({ provider: 'anthropic', fault: 'stall', times: undefined })
  await ask(page, 'A table of six long rivers')
  await page.locator('.answer .prose td').nth(8).waitFor()
}

const two = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Ask two at once' }).click()
  await ask(page, 'Write a Python function that counts the words of a text')
  await page.locator('.two .answer:first-child .code').waitFor()
  await page.locator('.two .answer:last-child .code').waitFor()
  await ask(page, 'Now the same in Rust')
  await page.locator('.line li').waitFor()
}

const conversations = async (page: Page): Promise<void> => {
  for (const question of [
    'Count to 12',
    'A table of six long rivers',
    'Write a TypeScript function that groups a list',
  ]) {
    await page.getByRole('button', { name: 'New chat', includeHidden: true }).dispatchEvent('click')
    await ask(page, question)
    await page.locator('.answer.ended').waitFor()
  }
  await page.getByRole('button', { name: 'Conversations' }).click()
  await page.getByRole('button', { name: 'More about “A table of six long rivers”' }).click()
}

const PICTURES: readonly Picture[] = [
  {
    name: 'story-dies',
    options: { viewport: DESK, colorScheme: 'light' },
    show: story('A provider dies', /took over/),
  },
  {
    name: 'story-slow',
    options: { viewport: DESK, colorScheme: 'light' },
    show: story('A slow provider', /was quicker/, /shorter the wave/),
  },
  {
    name: 'story-down',
    options: { viewport: DESK, colorScheme: 'dark' },
    show: story('Everything is down', /Ollama took over/, /\b5,/),
  },
  {
    name: 'story-foil',
    options: { viewport: DESK, colorScheme: 'light' },
    show: story('The same break', /It takes what it has/),
  },
  { name: 'weather', options: { viewport: DESK, colorScheme: 'light' }, show: weather },
  { name: 'page', options: { viewport: DESK, colorScheme: 'light' }, show: answered },
  { name: 'page-dark', options: { viewport: DESK, colorScheme: 'dark' }, show: answered },
  { name: 'page-phone', options: { viewport: PHONE, colorScheme: 'light' }, show: answered },
  { name: 'two-at-once', options: { viewport: DESK, colorScheme: 'light' }, show: two },
  { name: 'conversations', options: { viewport: DESK, colorScheme: 'dark' }, show: conversations },
  { name: 'welcome', options: { viewport: DESK, colorScheme: 'light' }, show: async () => undefined },
]

/** A browser reports tasks from 50 ms. */
const inMs = (ms: number): string => (ms === 0 ? 'under 50' : ms.toFixed(0))

const folder = process.env.PICTURES ?? join(import.meta.dirname, '../../../docs/pictures')
await mkdir(folder, { recursive: true })
const names = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic'] })
try {
  for (const { name, options, show } of PICTURES.filter((each) => names.length === 0 || names.includes(each.name))) {
    await using backend = await openBackend({ pace: { firstTokenMs: 180, tokensPerSecond: 60 } })
    await using server = await demoServer(backend, { port: 0 })
    const page = await browser.newPage(options)
    await page.addInitScript(
      'globalThis.tasks = []; new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask", buffered: true })',
    )
    await page.goto(server.url)
    await page.locator('#model option').first().waitFor({ state: 'attached' })
    await page.locator('.banks li').first().waitFor()
    const loading = Number(await page.evaluate('Math.max(0, ...tasks.splice(0))'))
    await show(page, backend)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    const longest = Number(await page.evaluate('Math.max(0, ...tasks)'))
    process.stdout.write(`${name}: longest task ${inMs(longest)} ms, while the page loaded ${inMs(loading)} ms\n`)
    await page.close()
  }
} finally {
  await browser.close()
}
