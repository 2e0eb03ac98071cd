import { expect, test } from 'vitest'
import { HtmlGuard } from '../../src/http/html-guard.ts'

/** What the guard lets through before the body ends. */
function through(body: string): string {
  let seen = ''
  const guard = new HtmlGuard({ push: (chunk) => (seen += Buffer.from(chunk).toString()), end: () => undefined })
  guard.push(Buffer.from(body))
  return seen
}

test.each(['Hello', '\0<html>', '\u001f<p>', '1 < 2'])('%j is let through at once', (body) => {
  expect(through(body)).toBe(body)
})

test.each(['<', ' <', '\t\n\v\f\r <html', '\u{feff}<', ' '])('%j may begin a page, and waits', (body) => {
  expect(through(body)).toBe('')
})
