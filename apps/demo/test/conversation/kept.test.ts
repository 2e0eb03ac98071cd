import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { ask, inBrowser, opened, STEADY, withBrowser } from '../browser.ts'

withBrowser()

inBrowser('a reload in the middle of an answer keeps what had come, and says that the rest is missing', async () => {
  const { page, problems, simulator } = await opened(STEADY)
  await ask(page, 'Count to 12')
  await page.locator('.answer.ended').waitFor()
  await ask(page, 'a long essay')
  await ask(page, 'A table of rivers')
  expect(await page.locator('.line li').innerText()).toContain('A table of rivers')
  const prose = page.locator('.turn:nth-child(2) .prose')
  await expect.poll(async () => (await prose.innerText()).length).toBeGreaterThan(200)
  await page.reload()
  await page.locator('.turn:nth-child(2) .answer.ended').waitFor()
  expect(await page.title()).toBe('Count to 12 · Rivulet')
  expect(await page.locator('.turn:nth-child(1) .prose').innerText()).toContain('11, 12.')
  expect((await prose.innerText()).length).toBeGreaterThan(100)
  expect(await page.locator('.notice').innerText()).toContain('the rest is missing')
  // What waited still waits, and is asked with the conversation.
  await page.getByRole('button', { name: 'Send now' }).click()
  await page.locator('.turn:nth-child(3) .answer.ended table').waitFor()
  const { messages } = simulator.requests.at(-1)?.body as { messages: { role: string }[] }
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('a question that is typed while an answer runs waits in line; ↑ takes the last one back', async () => {
  const { page, problems, simulator } = await opened(STEADY)
  await ask(page, 'Count to 40')
  await page.locator('.prose').first().waitFor()
  await ask(page, 'Count to 3')
  expect(await page.locator('#line').isVisible()).toBe(true)
  await page.locator('.turn:nth-child(2) .answer.ended').waitFor()
  expect(await page.locator('#line').isVisible()).toBe(false)
  await page.keyboard.press('ArrowUp')
  expect(await page.getByText('Editing the last question').isVisible()).toBe(true)
  expect(await page.getByLabel('Your question').inputValue()).toBe('Count to 3')
  await page.keyboard.press('Escape')
  expect(await page.getByText('Editing the last question').isVisible()).toBe(false)
  await page.keyboard.press('ArrowUp')
  await ask(page, 'Count to 5')
  await expect.poll(() => page.locator('.prose').last().innerText()).toContain('4, 5.')
  expect(await page.locator('.turn').count()).toBe(2)
  expect(JSON.stringify(simulator.requests.at(-1)?.body)).not.toContain('Count to 3')
  await page.reload()
  await page.locator('.turn:nth-child(2) .answer.ended').waitFor()
  expect(await page.locator('.question').allInnerTexts()).toEqual(['Count to 40', 'Count to 5'])
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('conversations are found, renamed, saved as files and deleted', async () => {
  const { page, problems } = await opened()
  for (const question of ['Count to 7', 'A table of rivers']) {
    await page.getByRole('button', { name: 'New chat', includeHidden: true }).dispatchEvent('click')
    await ask(page, question)
    await page.locator('.answer.ended').waitFor()
  }
  await page.getByRole('button', { name: 'Conversations' }).click()
  const titles = page.locator('.library .title')
  await expect.poll(() => titles.allInnerTexts()).toEqual(['A table of rivers', 'Count to 7'])
  // Found by a word of its answer.
  await page.getByLabel('Search the conversations').fill('6, 7')
  await expect.poll(() => titles.allInnerTexts()).toEqual(['Count to 7'])
  await page.getByRole('button', { name: 'More about “Count to 7”' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as Markdown' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('Count to 7.md')
  expect(await readFile(await file.path(), 'utf8')).toMatch(
    /^# Count to 7\n[^]*## Question\n\nCount to 7\n\n## Answer\n\n1, 2, /,
  )
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByLabel('Title').fill('Seven')
  await page.keyboard.press('Enter')
  await expect.poll(() => titles.allInnerTexts()).toEqual(['Seven'])
  await page.getByText('Seven').click()
  await expect.poll(() => page.title()).toBe('Seven · Rivulet')
  expect(await page.locator('.question').allInnerTexts()).toEqual(['Count to 7'])
  await page.getByRole('button', { name: 'Conversations' }).click()
  await page.getByRole('button', { name: 'More about “Seven”' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete for good' }).click()
  await expect.poll(() => titles.allInnerTexts()).toEqual(['A table of rivers'])
  await page.keyboard.press('Escape')
  expect(await page.locator('.turn').count()).toBe(0)
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('instructions, parameters and images are sent, and calls of tools are shown', async () => {
  const { page, problems, simulator } = await opened()
  await page.getByRole('button', { name: 'Settings of this conversation' }).click()
  await page.getByLabel('Instructions for the model').fill('Be brief.')
  await page.getByLabel('Temperature').fill('0.3')
  await page.getByLabel('Tools').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await ask(page, 'Use the dice tool')
  await page.locator('.answer.ended').waitFor()
  expect(await page.locator('.call-name').innerText()).toBe('roll_dice answered')
  expect(await page.locator('.call-input').innerText()).toMatch(/^\{"count":\d+\}$/)
  expect(await page.locator('.call-output').innerText()).toMatch(/^\[[\d,]+\]$/)
  expect(await page.locator('.prose').innerText()).toContain('The tool answered')
  expect(simulator.requests[0]?.body).toMatchObject({
    temperature: 0.3,
    messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
  })
  // One is chosen, one is pasted, one is dropped; a large one is made smaller.
  const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const file = { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') }
  await page.locator('#image-file').setInputFiles(file)
  await page.evaluate(`(async () => {
    const canvas = new OffscreenCanvas(3000, 1000)
    canvas.getContext('2d')
    const data = new DataTransfer()
    data.items.add(new File([await canvas.convertToBlob()], 'large.png', { type: 'image/png' }))
    const field = document.querySelector('#question')
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
    field.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
  })()`)
  await expect.poll(() => page.locator('.images img').count()).toBe(3)
  const width = await page.evaluate('document.querySelector(".images li:last-child img").naturalWidth')
  expect(width).toBe(1_568)
  await page.getByRole('button', { name: 'Remove image 2' }).click()
  await ask(page, 'What is this?')
  await page.locator('.turn:nth-child(2) .answer.ended').waitFor()
  expect(await page.locator('.turn:nth-child(2) .prose').innerText()).toContain('I see 2 images')
  expect(await page.locator('.pictures img').count()).toBe(2)
  await page.reload()
  await page.locator('.turn:nth-child(2) .answer.ended').waitFor()
  expect(await page.locator('.call-output').innerText()).toMatch(/^\[[\d,]+\]$/)
  expect(await page.locator('.pictures img').count()).toBe(2)
  expect(problems).toEqual([])
  await page.close()
})

inBrowser('two providers are asked the same at once, and each goes on with its own answer', async () => {
  const { page, problems, simulator } = await opened(STEADY, { viewport: { width: 1_000, height: 740 } })
  await page.getByRole('button', { name: 'Ask two at once' }).click()
  expect(await page.locator('#hint').innerText()).toContain('Both are asked the same')
  await ask(page, 'Count to 6')
  await expect.poll(() => page.locator('.two .answer.ended').count()).toBe(2)
  const facts = await page.locator('.two .facts').allInnerTexts()
  expect(facts[0]).toContain('OpenAI (simulated)')
  expect(facts[1]).toContain('Anthropic (simulated)')
  const [left, right] = await Promise.all(
    [0, 1].map((column) => page.locator('.two .answer').nth(column).boundingBox()),
  )
  expect(left?.y).toBe(right?.y)
  await ask(page, 'Count to 7')
  await expect.poll(() => page.locator('.turn:nth-child(2) .two .answer.ended').count()).toBe(2)
  expect(simulator.requests.map(({ dialect }) => dialect).toSorted()).toEqual([
    'anthropic',
    'anthropic',
    'openai',
    'openai',
  ])
  expect(problems).toEqual([])
  await page.close()
})
