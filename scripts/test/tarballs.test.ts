import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { neededBy, type Published, publishedPackages } from '../packed/publish.ts'
import { packagesToPack } from '../tarballs.ts'

const ours = new Map(
  Object.entries({ a: ['b', 'undici'], b: ['c'], c: [], d: ['c'] }).map(([name, dependencies]): [string, Published] => [
    name,
    { name, version: '1.0.0', folder: name, dependencies },
  ]),
)

describe('tarballs', () => {
  test('a package is packed with those of ours that it needs, directly or not, and with no other', () => {
    expect(packagesToPack(['a'], ours).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect([...neededBy(['a', 'd'], ours)].sort()).toEqual(['b', 'c'])
  })

  test('a package that there is not is named, with those that there are', () => {
    expect(() => packagesToPack(['x'], ours)).toThrow('there is no package "x". There are a, b, c, d.')
  })

  test('without a name: what a newcomer needs', () => {
    const packages = publishedPackages(join(import.meta.dirname, '../..'))
    const names = packagesToPack([], packages).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['rivulet', '@rivulet/core', '@rivulet/simulator']))
    expect(names).not.toContain('@rivulet/testkit')
  })
})
