import { undiciTransport } from '@rivulet/core/undici'
import { describe, expect, test } from 'vitest'
import { laws, prove } from '../src/index.ts'
import { group, type GroupMistake } from './support/group.ts'
import { mini, subjectOf } from './support/mini.ts'

const AFTER_CONTENT = '(content and then|trickle|in the middle|without its end mark|after content|whose arguments)'
const FINAL = 'status 400'

const names = laws.map(({ name }) => name).filter((name) => name.startsWith('in a group'))
const lawsLike = (...patterns: RegExp[]): string[] =>
  names.filter((name) => patterns.some((pattern) => pattern.test(name)))

const wrong: Readonly<Record<GroupMistake, RegExp>> = {
  'asks no other member': new RegExp(`^in a group: (?!.*${AFTER_CONTENT})(?!.*${FINAL})`),
  'asks the next member after any error': new RegExp(`^in a group: .*${FINAL}`),
  'asks the next member after content': new RegExp(`^in a group: .*(${AFTER_CONTENT}|not ours)`),
  'passes foreign streams on': /^in a group: .*not ours/,
}

/** The laws that a group of two breaks. */
async function broken(mistake?: GroupMistake): Promise<string[]> {
  const subject = {
    ...subjectOf((options) => mini(options)),
    group: (members: Parameters<typeof group>[0]) => group(members, mistake),
  }
  const found: string[] = []
  const transports = { undici: () => undiciTransport() }
  const tried = laws.filter(({ name }) => names.includes(name))
  for await (const { law, ok } of prove(subject, { laws: tried, transports, forms: ['streamed'] })) {
    if (ok !== true) found.push(law)
  }
  return found
}

test('a right group obeys the laws of groups', async () => {
  expect(await broken()).toEqual([])
})

describe('a group that is wrong in one point breaks the laws about it, and no others', () => {
  test.each(Object.entries(wrong))('%s', async (mistake, pattern) => {
    // The keys of a record are its names: Object.entries only forgets it.
    expect(await broken(mistake as GroupMistake)).toEqual(lawsLike(pattern))
  })
})

test('every law of groups is broken by a group that is wrong', () => {
  expect(lawsLike(...Object.values(wrong))).toEqual(names)
})
