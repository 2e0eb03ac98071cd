import { undiciTransport } from '@rivulet/core/undici'
import { describe, expect, test } from 'vitest'
import { laws, prove } from '../src/index.ts'
import { lawsLike } from './support/broken.ts'
import { mini, subjectOf } from './support/mini.ts'
import { wrongLayers } from './support/wrong-layers.ts'

describe('a layer that is wrong in one point breaks the laws about it', () => {
  test.each(Object.entries(wrongLayers))('%s', async (_name, [wrap, breaks]) => {
    const subject = { ...subjectOf((options) => mini(options)), wrap }
    const tried = laws.filter(({ name }) => lawsLike(breaks).includes(name))
    const transports = { undici: () => undiciTransport() }
    const found: string[] = []
    for await (const { law, ok } of prove(subject, { laws: tried, transports, forms: ['streamed'] })) {
      if (ok === false) found.push(law)
    }
    expect(found).toEqual(lawsLike(breaks))
  })
})
