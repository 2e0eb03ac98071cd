import { chromium } from 'playwright-core'
import { openBackend } from '../src/backend.ts'
import { demoServer } from '../src/server.ts'
await using backend = await openBackend({ pace: { firstTokenMs: 50, tokensPerSecond: 400 } })
await using server = await demoServer(backend, { port: 0 })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic'] })
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 760 }, colorScheme: 'light' })
  page.setDefaultTimeout(8000)
  page.on('console', (m) => console.log('console', m.text()))
  page.on('pageerror', (e) => console.log('pageerror', e.message, e.stack))
  const { default: steps } = await import(process.argv[2]!)
  await steps({
    page,
    server,
    backend,
    browser,
    shot: (name: string) => page.screenshot({ path: `/tmp/h/pageb-shots/${name}.png` }),
  })
} finally {
  await browser.close()
}
