import { expect } from 'vitest'
import { ask, inBrowser, opened, STEADY, withBrowser } from './browser.ts'

withBrowser()

inBrowser('an answer streams, and stop ends it upstream', async () => {
  const { page, problems, simulator } = await opened(STEADY)
  await ask(page, 'a long essay')
  const prose = page.locator('.prose')
  const length = async (): Promise<number> => (await prose.innerText()).length
  await expect.poll(length).toBeGreaterThan(20)
  const before = await length()
  await expect.poll(length).toBeGreaterThan(before)
  expect(await page.locator('.answer').getAttribute('aria-busy')).toBe('true')
  expect(simulator.requests[0]?.clientClosedMs).toBeUndefined()
  await page.keyboard.press('Escape')
  await page.getByText('Stopped.', { exact: true }).first().waitFor()
  await simulator.requests[0]?.done
  expect(simulator.requests[0]?.clientClosedMs).toBeGreaterThan(0)
  expect(await page.getByRole('button', { name: 'Send' }).isVisible()).toBe(true)
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('Markdown is rendered as elements, and the conversation continues', async () => {
  const { page, problems, simulator } = await opened()
  await page.getByRole('button', { name: 'Write a function' }).click()
  await page.locator('.answer.ended pre code').waitFor()
  await ask(page, 'A table of <img src=x onerror=alert(1)> rivers')
  await page.locator('.turn:nth-child(2) .answer.ended table').waitFor()
  expect(await page.locator('.turn:nth-child(2) tbody tr').count()).toBe(6)
  expect(await page.locator('.turns img').count()).toBe(0)
  expect(await page.locator('.facts').last().innerText()).toMatch(/^OpenAI \(simulated\) · gpt-6\.1-sol · first token/)
  expect(simulator.requests[1]?.body).toMatchObject({
    messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
  })
  // The page is as wide as the window, whatever its content.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  await page.getByRole('button', { name: 'New chat' }).click()
  expect(await page.getByRole('heading', { name: 'Many small streams, one river.' }).isVisible()).toBe(true)
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('the page shows all of the text that was sent, whatever its format', async () => {
  const { page, problems, simulator } = await opened()
  const words = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')
  for (const question of ['a long essay', 'Answer in Japanese', 'five tips about rivers']) {
    await page.getByRole('button', { name: 'New chat', includeHidden: true }).dispatchEvent('click')
    await ask(page, question)
    await page.locator('.answer.ended').waitFor()
    const shown = await page.locator('.prose').textContent()
    // The browser renders list numbers, which are not in the text content.
    const sent = (simulator.requests.at(-1)?.answer ?? '').replace(/^\s*\d+\. /gm, '')
    expect(words(String(shown))).toBe(words(sent))
  }
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('a failure shows in place, and a retry replaces it', async () => {
  const { page, problems, simulator } = await opened()
  simulator.fault('lockchat', { kind: 'status', status: 503 })
  await page.locator('#provider').selectOption('lockchat')
  await ask(page, 'Count to 20')
  const alert = page.getByRole('alert')
  await alert.waitFor()
  expect(await alert.innerText()).toContain('The provider is overloaded')
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await page.getByRole('button', { name: 'Ask any provider' }).click()
  await page.locator('.answer.ended').waitFor()
  expect(await page.locator('.facts').innerText()).toContain('Liaobots')
  expect(await page.locator('.prose').innerText()).toContain('19, 20.')
  simulator.clear()
  simulator.fault('lockchat', 'truncate')
  await page.locator('#provider').selectOption('lockchat')
  await ask(page, 'a long essay')
  await alert.waitFor()
  expect(await alert.innerText()).toContain('The answer was cut off')
  simulator.clear()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.turn:nth-child(2) .answer.ended').waitFor()
  expect(await alert.count()).toBe(0)
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('Shift+Enter breaks the line, and the position of a reader who scrolled up is kept', async () => {
  const { page, problems } = await opened(STEADY)
  await page.getByLabel('Your question').pressSequentially('a long')
  await page.keyboard.press('Shift+Enter')
  await page.getByLabel('Your question').pressSequentially('essay')
  await page.keyboard.press('Enter')
  expect(await page.locator('.question').innerText()).toBe('a long\nessay')
  const overflow = 'document.querySelector("main").scrollHeight - document.querySelector("main").clientHeight'
  await expect.poll(() => page.evaluate(overflow), { timeout: 15_000 }).toBeGreaterThan(200)
  await page.mouse.move(180, 300)
  await page.mouse.wheel(0, -5_000)
  await page.getByRole('button', { name: 'Latest' }).waitFor()
  const top = 'document.querySelector("main").scrollTop'
  // A browser scrolls in steps, and adjusts its target when a line is added meanwhile.
  await expect.poll(() => page.evaluate(top)).toBeLessThan(100)
  const grown = Number(await page.evaluate(overflow))
  await expect.poll(() => page.evaluate(overflow)).toBeGreaterThan(grown + 50)
  expect(await page.evaluate(top)).toBeLessThan(100)
  await page.getByRole('button', { name: 'Latest' }).click()
  await expect.poll(() => page.evaluate(`${overflow} - ${top}`)).toBeLessThan(48)
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('reasoning is collapsed, a restart starts over, and an answer without its end is a failure', async () => {
  const { page, problems } = await opened()
  const events = [
    { type: 'start', provider: 'lockchat', model: 'gpt-4' },
    { type: 'text', text: 'void' },
    { type: 'restart', from: 'lockchat', reason: 'truncated', message: 'cut' },
    { type: 'start', provider: 'liaobots', model: 'gpt-4' },
    { type: 'reasoning', text: 'Let me think.' },
    { type: 'text', text: 'The [answer](javascript:alert(1)) is **42' },
    { type: 'unheard-of' },
  ]
  await page.route('**/api/chat?*', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      body: events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(''),
    }),
  )
  await ask(page, 'hello')
  await page.locator('.answer.failed').waitFor()
  expect(await page.getByRole('alert').innerText()).toContain('The answer was cut off')
  expect(await page.locator('.prose').innerText()).toBe('The answer (javascript:alert(1)) is **42')
  expect(await page.locator('.prose a').count()).toBe(0)
  expect(await page.locator('.notice').first().innerText()).toContain('Lockchat (simulated) failed')
  expect(await page.locator('.reasoning-text').isVisible()).toBe(false)
  await page.getByText('Reasoning', { exact: true }).click()
  expect(await page.locator('.reasoning-text').innerText()).toBe('Let me think.')
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('an unreachable server is reported in place', async () => {
  const { page, problems } = await opened()
  await page.route('**/api/chat?*', (route) => route.abort('connectionrefused'))
  await page.clock.install()
  await ask(page, 'hello')
  await page.getByText('The server of this page cannot be reached. It is asked again.').waitFor()
  await expect
    .poll(async () => {
      await page.clock.runFor(5_000)
      return page.getByRole('alert').count()
    })
    .toBe(1)
  expect(await page.getByRole('alert').innerText()).toContain('Start it again in its terminal')
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('nothing on the page can make HTML of a string, and code has its colours', async () => {
  const { page, problems } = await opened()
  await page.getByRole('button', { name: 'Write a function' }).click()
  await page.locator('.code .hljs-keyword').first().waitFor()
  expect(await page.locator('.code code').textContent()).toMatch(/^export function \w+/)
  const inject = 'try { document.body.innerHTML = "<b>x</b>"; "made" } catch (error) { error.name }'
  expect(await page.evaluate(inject)).toBe('TypeError')
  expect(problems.filter((problem) => !problem.includes('TrustedHTML'))).toEqual([])
  await page.close()
})
