import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { demoServer } from '../../src/server.ts'
import { ask, findings, inBrowser, opened, STEADY, withBrowser } from '../browser.ts'

withBrowser()

/** The count to 60 is whole, its reader knows why it came twice, and nothing else went wrong. */
async function startedOver(page: Page, problems: readonly string[]): Promise<void> {
  await page.locator('.answer.ended').waitFor()
  await page.getByText('The connection to the server of this page was lost. The answer starts over.').waitFor()
  expect(await page.locator('.prose').innerText()).toBe(
    `${Array.from({ length: 60 }, (_, index) => index + 1).join(', ')}.`,
  )
  expect(problems.filter((problem) => !problem.includes('ERR_'))).toEqual([])
  await page.close()
}

inBrowser('a server that is started anew in the middle of an answer gives the whole answer after all', async () => {
  const { page, problems, server, backend } = await opened(STEADY)
  await ask(page, 'Count to 60')
  const prose = page.locator('.prose').last()
  await expect.poll(() => prose.innerText()).toContain('20, ')
  await server.close()
  await page.getByText('The server of this page cannot be reached. It is asked again.').waitFor()
  // What had come stays in view until the new answer begins.
  expect(await page.locator('.prose').innerText()).toContain('20, ')
  await using _ = await demoServer(backend, { port: server.port })
  await startedOver(page, problems)
})

inBrowser('a connection that drops in the middle of an answer costs nothing of it', async () => {
  const { page, problems, server } = await opened(STEADY)
  const sockets = new Set<Socket>()
  const keep = (message: unknown): void => {
    // Node's: https://nodejs.org/api/diagnostics_channel.html#http
    const { socket } = message as { socket: Socket }
    if (socket.localPort === server.port) sockets.add(socket)
  }
  subscribe('http.server.request.start', keep)
  await ask(page, 'Count to 60')
  await expect.poll(() => page.locator('.prose').last().innerText()).toContain('20, ')
  unsubscribe('http.server.request.start', keep)
  expect(sockets.size).toBeGreaterThan(0)
  for (const socket of sockets) socket.destroy()
  await startedOver(page, problems)
})

inBrowser(
  'a provider that breaks while others are idle is never the end, nor is the advice only to try again',
  async () => {
    const { page, problems, backend, simulator } = await opened()
    simulator.fault('openai', 'truncate')
    await ask(page, 'Count to 20')
    await page.locator('.answer.ended').waitFor()
    expect(await page.locator('.prose').innerText()).toContain('19, 20.')
    await page.locator('#provider').selectOption('lockchat')
    backend.weather.set({ provider: 'lockchat', fault: 'kill', times: undefined })
    await ask(page, 'Count to 30')
    const first = page.getByRole('alert').getByRole('button').first()
    await first.waitFor()
    expect(await first.innerText()).toBe('Ask any provider')
    await first.click()
    await page.locator('.turn:nth-child(2) .answer.ended').waitFor()
    expect(await page.locator('.prose').last().innerText()).toContain('29, 30.')
    expect(problems).toEqual([])
    await page.close()
  },
)

inBrowser('by keyboard everything is reached, and axe finds nothing in the light and in the dark', async () => {
  const { page, problems } = await opened('instant', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
  await page.getByLabel('Your question').fill('Write a function')
  await page.keyboard.press('Enter')
  await page.locator('.code .hljs-keyword').first().waitFor()
  await ask(page, 'A table of rivers')
  await page.locator('.turn:nth-child(2) .answer.ended table').waitFor()
  expect(await findings(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await findings(page)).toEqual([])
  for (const name of ['Conversations', 'Settings of this conversation']) {
    const opener = page.getByRole('button', { name })
    await opener.focus()
    await page.keyboard.press('Enter')
    await page.locator('dialog[open]').waitFor()
    expect(await findings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('dialog[open]').waitFor({ state: 'hidden' })
    // The focus returns to where it was.
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(name)
  }
  await page.getByRole('button', { name: 'Ask two at once' }).press('Enter')
  expect(await findings(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  expect(problems).toEqual([])
  await page.close()
})
