import { describe, expect, test } from 'vitest'
import { about, broken, lawsLike } from './support/broken.ts'
import { wrongDecoding } from './support/wrong-decoding.ts'

describe.concurrent('a provider that is wrong in one point breaks the laws about it, and no others about answers', () => {
  test.each(Object.entries(wrongDecoding))('%s', async (_name, [provider, breaks, spared]) => {
    expect(await broken(provider, breaks, { spared, among: about.answers })).toEqual(lawsLike(breaks))
  })
})
