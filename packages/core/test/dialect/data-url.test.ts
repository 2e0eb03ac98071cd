import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTextType, readDataUrl } from '../../src/dialect/data-url.ts'

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
  ['data:text/plain,100%25%2', 'text/plain', 'MTAwJSUy'],
  ['data:application/octet-stream,%FF%00%fe', 'application/octet-stream', '/wD+'],
  ['data:image/png;base64,iVBORw0KGgo%3D', 'image/png', 'iVBORw0KGgo='],
  ['data:image/png;base64,iVBORw0KGgo', 'image/png', 'iVBORw0KGgo='],
  ['data:image/png;base64,iVBO Rw0K\r\nGgo=', 'image/png', 'iVBORw0KGgo='],
  ['data:text/plain;base64,SGk=#page=2', 'text/plain', 'SGk='],
  ['data:text/plain,a#b', 'text/plain', 'YQ=='],
  ['data:text/plain;base64;charset=utf-8,SGk', 'text/plain', 'U0dr'],
  ['data:image/jpg;base64,SGk=', 'image/jpeg', 'SGk='],
  ['data:IMAGE/pjpeg;base64,SGk=', 'image/jpeg', 'SGk='],
  ['data:image/x-png;base64,SGk=', 'image/png', 'SGk='],
])('%s is %s', (url, mediaType, base64) => {
  expect(readDataUrl(url)).toEqual({ mediaType, base64 })
})

test.each(['', 'https://example.com/a,b', ' data:,a', 'metadata:,a'])('%j is not a data URL', (url) => {
  expect(readDataUrl(url)).toBeUndefined()
})

test.each([
  ['data:', 'a data: URL needs a comma before its data, as in "data:image/png;base64,…".'],
  ['data:image/png;base64', 'a data: URL needs a comma before its data, as in "data:image/png;base64,…".'],
  ['data:;base64,secret!', 'the data of a data: URL is not base64.'],
  ['data:;base64,SGk=SGk=', 'the data of a data: URL is not base64.'],
  ['data:;base64,SGkab', 'the data of a data: URL is not base64.'],
  ['data:;base64,_-__', 'the data of a data: URL is not base64.'],
])('%s is a TypeError, and its data is not shown', async (url, message) => {
  await expect(fetched(url)).rejects.toThrow(TypeError)
  expect(() => readDataUrl(url)).toThrow(TypeError)
  expect(() => readDataUrl(url)).toThrow(message)
  expect(() => readDataUrl(url)).not.toThrow(/secret/)
})

/** The oracle: what `fetch()` reads from the same URL. */
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

test('any bytes in base64 are read as fetch() reads them', async () => {
  await fc.assert(
    fc.asyncProperty(mediaTypes, parameters, fc.uint8Array({ maxLength: 40 }), async (type, more, bytes) => {
      const url = `data:${type}${more};base64,${Buffer.from(bytes).toString('base64')}`
      expect(readDataUrl(url)).toEqual(await fetched(url))
    }),
  )
})

test('any percent-encoded text is read as fetch() reads it', async () => {
  await fc.assert(
    fc.asyncProperty(mediaTypes, parameters, fc.string({ unit: 'grapheme' }), async (type, more, text) => {
      const url = `data:${type}${more},${encodeURIComponent(text.toWellFormed())}`
      expect(readDataUrl(url)).toEqual(await fetched(url))
    }),
  )
})

test('any characters as data are read as fetch() reads them, or refused as it refuses them', async () => {
  const characters = fc.constantFrom(
    'a',
    'Z',
    '9',
    '+',
    '/',
    '=',
    '%',
    '%3D',
    '%41',
    '%',
    '#',
    ' ',
    '\n',
    'ü',
    ',',
    ';',
  )
  const data = fc.array(characters, { maxLength: 12 }).map((all) => all.join(''))
  const heads = fc.constantFrom('', ';base64', 'image/png; base64', 'text/plain;charset=utf-8', ';base64;a=b')
  await fc.assert(
    fc.asyncProperty(heads, data, async (head, content) => {
      const url = `data:${head},${content}`.trimEnd()
      const platform = await fetched(url).catch(() => 'refused')
      const read = ((): unknown => {
        try {
          return readDataUrl(url)
        } catch {
          return 'refused'
        }
      })()
      expect(read).toEqual(platform)
    }),
    { numRuns: 500 },
  )
})

test.each([
  'text/plain',
  'text/csv',
  'application/json',
  'application/x-yaml',
  'application/atom+xml',
  'image/svg+xml',
])('%s is a text', (mediaType) => {
  expect(isTextType(mediaType)).toBe(true)
})

test.each([
  'image/png',
  'application/pdf',
  'application/zip',
  'application/json-seq.x',
  'x-text/plain',
  'video/xml.mp4',
])('%s is not a text', (mediaType) => {
  expect(isTextType(mediaType)).toBe(false)
})
