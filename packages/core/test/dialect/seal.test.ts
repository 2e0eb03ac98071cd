import { anyText } from '../../../../scripts/any-text.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSeal, readSeal, writeSeal } from '../../src/dialect/seal.ts'

const sealed = fc.record(
  { provider: fc.string(), model: fc.string(), value: anyText(), id: fc.string() },
  { requiredKeys: ['provider', 'model', 'value'] },
)

test('what was sealed is read again, in characters that fit into any string', () => {
  fc.assert(
    fc.property(sealed, (given) => {
      const seal = writeSeal(given)
      expect(seal).toMatch(/^rvl1\.[\w-]+$/)
      expect(readSeal(seal)).toEqual(given)
    }),
  )
})

test('a signature of a vendor is not a seal, and neither is a broken one', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String().map((text) => `rvl1.${text}`),
      ),
      (text) => {
        expect(readSeal(text)).toBeUndefined()
      },
    ),
  )
  const whole = writeSeal({ provider: 'a', model: 'm', value: 'v' })
  for (let length = 0; length < whole.length; length++) expect(readSeal(whole.slice(0, length))).toBeUndefined()
})

test('a seal is known by its beginning', () => {
  expect(isSeal(writeSeal({ provider: 'a', model: 'm', value: '' }))).toBe(true)
  for (const other of ['EqQB', '', undefined, 1]) expect(isSeal(other)).toBe(false)
})
