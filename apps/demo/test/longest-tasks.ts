/**
 * Measures the page with an answer of 100,000 tokens, in the Chromium that the tests use, and prints it:
 *
 * - the first view, gzipped;
 * - the longest task of the main thread while the answer streams, when it arrives at once, and when it is opened again. It is CPU time
 *   of the thread, so that it means the same on a busy machine;
 * - the memory of scripts before, with the answer, and in a new chat.
 */
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from 'playwright-core'
import { openBackend } from '../src/backend.ts'
import { demoServer } from '../src/server.ts'

const TOKENS = 100_000

/** Headings, paragraphs, lists, tables and code, as long answers have them. */
const section = (n: number): string => `## Section ${n}

Rivers carry **more** than water: [silt](https://example.com/silt), \`salt\`, and ${'stories that are told on their banks, '.repeat(12)}again.

- one *thing* and another
- a second thing, with \`code\`
  - and one inside

| river | length |
|---|--:|
| Rhine | 1,233 km |
| Loire | 1,006 km |

\`\`\`ts
export const section${n} = (river: string): number => river.length * ${n}
for (const name of ['Rhine', 'Loire']) console.log(section${n}(name))
\`\`\`

`

/** About four characters are a token. */
const ANSWER = Array.from({ length: TOKENS / 200 }, (_, n) => section(n))
  .join('')
  .slice(0, TOKENS * 4)
const EVENTS = [
  { type: 'start', provider: 'openai', model: 'gpt' },
  ...(ANSWER.match(/[^]{1,4}/g) ?? []).map((text) => ({ type: 'text', text })),
  { type: 'finish', reason: 'stop' },
]
const FRAMES = EVENTS.map((event) => `data: ${JSON.stringify(event)}\n\n`)

/** Replaces the page's way to its server: so many tokens arrive every 4 ms, faster than any model is. */
const answering = (perRead: number): string => `(() => {
  const real = globalThis.fetch
  const frames = ${JSON.stringify(FRAMES)}
  globalThis.fetch = (input, init) => {
    if (!String(input instanceof Request ? input.url : input).includes('/api/chat')) return real(input, init)
    let at = 0
    const pull = async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, 4))
      controller.enqueue(new TextEncoder().encode(frames.slice(at, (at += ${perRead})).join('')))
      if (at >= frames.length) controller.close()
    }
    const body = new ReadableStream({ pull }, { highWaterMark: 0 })
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
  }
})()`

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds of the thread's CPU. */
  tdur?: number
  args: { name?: string }
}

/** The longest task of the main thread while `act` runs, in milliseconds of CPU. */
async function longestTask(browser: Browser, page: Page, act: () => Promise<void>): Promise<string> {
  await browser.startTracing(page, { categories: ['toplevel'] })
  await act()
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`
  const named = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const main = new Set(named.map(threadOf))
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && main.has(threadOf(event)))
  const times = tasks.map(({ tdur = 0 }) => tdur / 1_000)
  const over = times.filter((ms) => ms > 50).length
  return `longest task ${times.reduce((one, other) => Math.max(one, other), 0).toFixed(0)} ms of CPU, ${over} over 50 ms`
}

async function heapMb(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return (usedSize / 1e6).toFixed(1)
}

async function firstView(url: string): Promise<string> {
  const html = await (await fetch(url)).text()
  const linked = [...html.matchAll(/(?:href|src)="(\/[^"]+\.(?:js|css|svg))"/g)].map(([, path = '']) => path)
  const sizes = new Map<string, number>()
  for (const path of ['/', ...linked]) {
    const bytes = await (await fetch(new URL(path, url))).arrayBuffer()
    sizes.set(path, gzipSync(Buffer.from(bytes)).length)
  }
  const kb = (size: number): string => `${Math.ceil(size / 1024)} KB`
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  return `${kb(total)} gzipped, of which ${kb(sizes.get('/page.js') ?? 0)} are scripts`
}

const print = (what: string, words: string): void => {
  process.stdout.write(`${what.padEnd(18)} ${words}\n`)
}

await using backend = await openBackend({ pace: 'instant' })
await using server = await demoServer(backend, { port: 0 })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic'] })
try {
  print('first view', await firstView(server.url))
  for (const [name, perRead] of [
    ['streamed', 100],
    // As much as a browser reads at once.
    ['at once', 1_600],
  ] as const) {
    const page = await browser.newPage({ viewport: { width: 1_000, height: 760 } })
    page.setDefaultTimeout(300_000)
    /** All of the answer is drawn, which may take longer than it takes to arrive. A locator's own wait would be long tasks. */
    const isDrawn = async (): Promise<void> => {
      const chapters = 'document.querySelector(".answer.ended") && document.querySelector(".prose").childElementCount'
      for (let before = -1, now: number | null = null; now === null || now !== before;) {
        before = now ?? -1
        await page.waitForTimeout(1_000)
        now = await page.evaluate<number | null>(chapters)
      }
    }
    await page.goto(server.url)
    await page.locator('#model option').first().waitFor({ state: 'attached' })
    await page.evaluate(answering(perRead))
    const before = await heapMb(page)
    const streaming = await longestTask(browser, page, async () => {
      await page.getByLabel('Your question').fill('A very long answer')
      await page.keyboard.press('Enter')
      await isDrawn()
    })
    print(name, streaming)
    const after = await heapMb(page)
    await page.getByRole('button', { name: 'New chat' }).click()
    print('', `heap ${before} MB before, ${after} MB with the answer, ${await heapMb(page)} MB in a new chat`)
    await page.getByRole('button', { name: 'Conversations' }).click()
    const opening = await longestTask(browser, page, async () => {
      await page.locator('.library .open').first().click()
      await isDrawn()
    })
    print('opened again', opening)
    await page.close()
  }
} finally {
  await browser.close()
}
