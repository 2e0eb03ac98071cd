import { describe, expect, test } from 'vitest'
import { broken, lawsLike, READING } from './support/broken.ts'
import { wrongConduct } from './support/wrong-conduct.ts'

describe.concurrent('a provider that is wrong in one point breaks the laws about it, and no others', () => {
  test.each(Object.entries(wrongConduct))('%s', async (_name, [provider, breaks]) => {
    expect(await broken(provider, breaks, { spared: READING })).toEqual(lawsLike(breaks))
  })
})
