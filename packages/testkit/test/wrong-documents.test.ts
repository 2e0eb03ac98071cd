import { describe, expect, test } from 'vitest'
import { broken, lawsLike } from './support/broken.ts'
import { wrongDocuments } from './support/wrong-documents.ts'

describe.concurrent('a provider that is wrong with answers in one piece breaks the laws about it, and no others', () => {
  test.each(Object.entries(wrongDocuments))('%s', async (_name, [provider, breaks]) => {
    expect(await broken(provider, breaks, { form: 'one piece' })).toEqual(lawsLike(breaks))
  })
})
