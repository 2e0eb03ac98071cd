import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EXIT } from '../src/exit-code.ts'
import { DRAIN_MS } from '../src/serve/serve.ts'

const unit = readFileSync(new URL('../systemd/rivulet.service', import.meta.url), 'utf8')
const setting = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]

test('the unit gives answers under way their time, and the second in which their ends arrive', () => {
  expect(Number(setting('TimeoutStopSec')) * 1000).toBeGreaterThan(DRAIN_MS + 1_000)
})

test('the unit does not start again what a wrong configuration has stopped', () => {
  expect(setting('RestartPreventExitStatus')).toBe(String(EXIT.usage))
})

test('the unit runs under a user of its own that gets no further rights', () => {
  expect([setting('DynamicUser'), setting('NoNewPrivileges'), setting('CapabilityBoundingSet')]).toEqual([
    'yes',
    'yes',
    '',
  ])
})
