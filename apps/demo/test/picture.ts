/** Takes the picture of the page that the README shows, docs/pictures/page.png, with the Chromium that the tests use. */
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { openBackend } from '../src/backend.ts'
import { demoServer } from '../src/server.ts'

/** The first one loads what all others find loaded, and is not in the picture. */
const QUESTIONS = ['Hello', 'A table of rivers']

await using backend = await openBackend({ pace: { firstTokenMs: 180, tokensPerSecond: 240 } })
await using server = await demoServer(backend, { port: 0 })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic'] })
try {
  const page = await browser.newPage({ viewport: { width: 820, height: 720 }, colorScheme: 'light' })
  for (const question of QUESTIONS) {
    await page.goto(server.url)
    await page.locator('#model option').first().waitFor({ state: 'attached' })
    await page.getByLabel('Your question').fill(question)
    await page.keyboard.press('Enter')
    await page.locator('.answer.ended').waitFor()
  }
  await page.screenshot({ path: join(import.meta.dirname, '../../../docs/pictures/page.png'), animations: 'disabled' })
} finally {
  await browser.close()
}
