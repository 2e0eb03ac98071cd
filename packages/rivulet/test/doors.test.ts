import * as core from '@rivulet/core'
import * as router from '@rivulet/router'
import { expect, test } from 'vitest'
import * as rivulet from '../src/index.ts'

test.each([
  ['@rivulet/core', core],
  ['@rivulet/router', router],
])('everything that %s exports to callers comes with the aggregator, and is the same', (_name, door) => {
  const missing = Object.entries(door).filter(([name, value]) => (rivulet as Record<string, unknown>)[name] !== value)
  expect(missing.map(([name]) => name)).toEqual([])
})
