import { ManualClock } from '@rivulet/core/provider'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { ask, findings, inBrowser, opened, STEADY, withBrowser } from './browser.ts'

withBrowser()

const DESK = { viewport: { width: 1040, height: 760 } }
const WHOLE = `${Array.from({ length: 80 }, (_, index) => index + 1).join(', ')}.`

/** Tells a story to its end. */
async function tell(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
  await page.locator('.stage[aria-busy=false] .next').waitFor()
}

/** The text of an answer; its seam is a mark, and not part of it. */
async function textOf(page: Page, title: string): Promise<string> {
  const pane = page.locator('.pane', { has: page.getByRole('heading', { name: title }) })
  return (await pane.locator('.text > :not(.seam)').allTextContents()).join('')
}

inBrowser('in two minutes the page says what it does, shows it, and shows what happens without it', async () => {
  // With a clock that stands still no provider is slow, however busy the machine is.
  const { page, problems } = await opened('instant', DESK, new ManualClock())
  // 1. What it does, in a sentence, with the providers in view.
  await page.getByText('When one of them breaks, even in the middle of an answer, another one takes over.').waitFor()
  expect(await page.locator('.banks .name').allInnerTexts()).toContain('Anthropic')
  // 2. It happens, and is told.
  await tell(page, 'A provider dies mid-answer')
  expect(await page.locator('.telling li').allInnerTexts()).toEqual([
    expect.stringContaining('OpenAI answers. After 60 tokens its connection will break.'),
    expect.stringContaining('OpenAI broke off after 60 tokens.'),
    expect.stringContaining('OpenAI Responses took over from OpenAI 0.00 s later. 60 tokens came twice.'),
    expect.stringContaining('The answer is whole'),
  ])
  expect(await textOf(page, 'Count to 80')).toBe(WHOLE)
  await page.getByText('OpenAI broke here').waitFor()
  await page.getByRole('button', { name: 'Hide the seam' }).click()
  expect(await page.getByText('OpenAI broke here').isVisible()).toBe(false)
  expect(await page.locator('.pane .facts').innerText()).toMatch(/^OpenAI cut off after 60 tokens → OpenAI Responses/)
  // It can be told again at once: a group remembers for a while who broke, but in one conversation only.
  await tell(page, 'Tell it again')
  expect(await page.locator('.telling').innerText()).toContain('OpenAI broke off after 60 tokens.')
  // 3. The same without it.
  await page.getByRole('button', { name: 'Back' }).click()
  await tell(page, 'The same break without Rivulet')
  expect(await textOf(page, 'With Rivulet')).toBe(WHOLE)
  expect(await textOf(page, 'A plain client')).toBe(WHOLE.slice(0, WHOLE.indexOf(' 31')))
  await page.getByText('“Complete”, says the client. It is not.').waitFor()
  // Escape leads back to where the question is asked.
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Many small streams, one river.' }).waitFor()
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('when everything is down, the page says what each provider did, and axe finds nothing', async () => {
  const options = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const }
  const { page, problems, backend } = await opened('instant', options, new ManualClock())
  await tell(page, 'Everything is down')
  await page.getByText('Incomplete: no provider gave a whole answer.').waitFor()
  expect(await page.getByRole('list', { name: 'What each provider did' }).locator('li').count()).toBe(8)
  expect(await page.locator('.caption').innerText()).toBe(
    'None of 8 providers gave a whole answer, and the page says so.',
  )
  // Afterwards the weather is calm, and the circuits are closed.
  expect(backend.watch.providers().every(({ health, fault }) => health === 'well' && fault === undefined)).toBe(true)
  // A story is read from its top, however long it becomes.
  expect(await page.evaluate('document.querySelector("main").scrollTop')).toBe(0)
  expect(await findings(page)).toEqual([])
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('a slow provider is overtaken', async () => {
  const { page, problems } = await opened('instant', DESK)
  await tell(page, 'A slow provider is overtaken')
  await page.locator('.now').getByText('The first word came after').waitFor()
  expect(await page.locator('.telling').innerText()).toMatch(/OpenAI was silent for [\d.]+ s\. .+ was asked as well/)
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('a fault is switched while an answer streams, and an open circuit says when it is probed', async () => {
  const { page, problems, simulator } = await opened(STEADY)
  await ask(page, 'a long essay')
  await page.locator('.banks [data-running]').first().waitFor()
  const width = async () =>
    Number(await page.locator('.stream[data-running] .line').first().getAttribute('stroke-width'))
  await expect.poll(width).toBeGreaterThan(2)
  const toggle = page.getByRole('button', { name: 'Weather' })
  await toggle.click()
  await page.getByLabel('OpenAI', { exact: true }).selectOption({ label: 'asks to wait (429)' })
  await page.getByText('From its next request on, OpenAI asks to wait (429).').waitFor()
  expect(await findings(page)).toEqual([])
  expect(simulator.requests[0]?.clientClosedMs).toBeUndefined()
  // Escape closes the panel; only the next one stops the answer.
  await toggle.focus()
  await page.keyboard.press('Escape')
  expect(await page.locator('#weather').isVisible()).toBe(false)
  expect(await page.locator('.answer').getAttribute('aria-busy')).toBe('true')
  await page.keyboard.press('Escape')
  await page.locator('.answer.ended').waitFor()
  await page.getByRole('button', { name: 'New chat' }).click()
  await ask(page, 'Count to 20')
  await page.locator('.answer.ended').waitFor()
  await expect.poll(() => page.locator('.facts').innerText()).toContain('OpenAI 429 → ')
  await toggle.click()
  await page.getByText(/circuit open; next probe in \d+ s/).waitFor()
  await page.getByRole('button', { name: 'Calm everywhere' }).click()
  await page.getByText(/circuit open/).waitFor({ state: 'hidden' })
  expect(problems).toEqual([])
  await page.close()
})

inBrowser(
  'with reduced motion the river stands still and shows the same, and says when its server is gone',
  async () => {
    const { page, problems, server } = await opened(STEADY, { ...DESK, reducedMotion: 'reduce' })
    await ask(page, 'a long essay')
    const running = page.locator('.stream[data-running]').first()
    await page
      .getByText(/\d+ tokens\/s/)
      .first()
      .waitFor()
    await expect
      .poll(async () => Number(await running.locator('.line').getAttribute('stroke-width')))
      .toBeGreaterThan(2)
    expect(await running.locator('.drops').getAttribute('stroke-dashoffset')).toBe('0')
    await server.close()
    await page.locator('.caption').getByText('The server of this page cannot be reached.').waitFor()
    expect(problems).toEqual([])
    await page.close()
  },
)
