import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDataUrl } from '../src/data-url.ts'

test.each([
  ['data:image/png;base64,iVBORw0KGgo=', 'image/png', 'iVBORw0KGgo='],
  ['DATA:Image/PNG;BASE64,iVBORw0KGgo=', 'image/png', 'iVBORw0KGgo='],
  ['data:text/plain;charset=utf-8; base64 ,SGk=', 'text/plain', 'SGk='],
  ['data:application/x;name=base64.txt,Hi', 'application/x', 'SGk='],
  ['data:,Hi', 'text/plain', 'SGk='],
  ['data:;base64,SGk=', 'text/plain', 'SGk='],
  ['data:text/plain,', 'text/plain', ''],
  ['data:text/plain,a,b', 'text/plain', 'YSxi'],
  ['data:text/plain,Gr%C3%BC%C3%9Fe', 'text/plain', 'R3LDvMOfZQ=='],
  ['data:text/plain,Grüße', 'text/plain', 'R3LDvMOfZQ=='],
  ['data:text/plain,100%', 'text/plain', 'MTAwJQ=='],
])('%s is %s', (url, mediaType, base64) => {
  expect(readDataUrl(url)).toEqual({ mediaType, base64 })
})

test.each(['', 'data:', 'data:image/png;base64', 'https://example.com/a,b', ' data:,a', 'metadata:,a'])(
  '%j is no data URL',
  (url) => {
    expect(readDataUrl(url)).toBeUndefined()
  },
)

/** The oracle: what the platform fetches from the same URL. */
async function fetched(url: string): Promise<{ mediaType: string | undefined; base64: string }> {
  const answer = await fetch(url)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  return {
    mediaType: answer.headers.get('content-type')?.split(';', 1)[0],
    base64: Buffer.from(bytes).toString('base64'),
  }
}

const mediaTypes = fc.constantFrom('image/png', 'Text/Plain', 'application/json', '')
const parameters = fc.constantFrom('', ';charset=utf-8', ';a=b;c=d')

test('any bytes in base64 are what fetch() reads', async () => {
  await fc.assert(
    fc.asyncProperty(mediaTypes, parameters, fc.uint8Array({ maxLength: 40 }), async (type, more, bytes) => {
      const url = `data:${type}${more};base64,${Buffer.from(bytes).toString('base64')}`
      expect(readDataUrl(url)).toEqual(await fetched(url))
    }),
  )
})

test('any text, percent-encoded, is what fetch() reads', async () => {
  await fc.assert(
    fc.asyncProperty(mediaTypes, parameters, fc.string({ unit: 'grapheme' }), async (type, more, text) => {
      const url = `data:${type}${more},${encodeURIComponent(text.toWellFormed())}`
      expect(readDataUrl(url)).toEqual(await fetched(url))
    }),
  )
})
