import { describe, expect, test } from 'vitest'
import { about, broken, lawsLike } from './support/broken.ts'
import { wrongConduct } from './support/wrong-conduct.ts'

describe.concurrent('a provider that is wrong in one point breaks the laws about it, and no others about conduct', () => {
  test.each(Object.entries(wrongConduct))('%s', async (_name, [provider, breaks]) => {
    expect(await broken(provider, breaks, { among: about.conduct })).toEqual(lawsLike(breaks))
  })
})
