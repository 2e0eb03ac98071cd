import { anyText } from '../../../../scripts/any-text.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonEscape } from '../../src/dialect/json-escape.ts'

/** Also characters that JSON escapes, unpaired surrogates, and texts that are too long for the character loop. */
const texts = fc.oneof(
  anyText({ maxLength: 6 }),
  fc.constantFrom('', 'a', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', '\u2028', '🌊', '\ud83c', '\udf0a', '}}\n\n'),
  anyText({ minLength: 60, maxLength: 70 }),
)

describe('writes between the quotes what JSON.stringify writes', () => {
  test('for any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(`"${jsonEscape(text)}"`).toBe(JSON.stringify(text))
      }),
      { numRuns: 5_000 },
    )
  })

  test('for every UTF-16 unit', () => {
    for (let unit = 0; unit <= 0xff_ff; unit++) {
      const text = String.fromCharCode(unit)
      if (`"${jsonEscape(text)}"` !== JSON.stringify(text))
        expect.fail(`unit ${unit} is written as ${jsonEscape(text)}`)
    }
  })
})
