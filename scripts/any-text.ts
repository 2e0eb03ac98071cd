import fc from 'fast-check'

/** Every character but unpaired surrogates, those of each length in UTF-8 equally often. */
const CHARACTER = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0x7_ff }),
    fc.oneof(fc.integer({ min: 0x8_00, max: 0xd7_ff }), fc.integer({ min: 0xe0_00, max: 0xff_ff })),
    fc.integer({ min: 0x1_00_00, max: 0x10_ff_ff }),
  )
  .map((code) => String.fromCodePoint(code))

/**
 * Texts of any characters, for property tests. The unit `'binary'` of `fc.string()` would make a table of all 1.1 million characters
 * first: more than a second of CPU in every worker.
 *
 * @param size In characters. @default that of `fc.string()`
 */
export const anyText = (size: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...size, unit: CHARACTER })
