import type { ChatEvent } from '@rivulet/core'
import { expect, test } from 'vitest'
import { Hold } from '../src/answer/hold.ts'
import { finish, start, text } from './support/providers.ts'

const frame = (data: string): ChatEvent => ({ type: 'raw', dialect: 'openai-chat', label: 'as-is', data })
const call: ChatEvent = { type: 'tool-call', id: 'c', name: 'f' }
const restart: ChatEvent = { type: 'restart', from: 'bad', reason: 'truncated', message: 'broke off' }

test("'none' holds what comes before the first content, and nothing after it", () => {
  const hold = new Hold('none', 1_000)
  expect(hold.take([frame('1'), start()])).toEqual([])
  expect(hold.take([frame('2'), text('a')])).toEqual([frame('1'), start(), frame('2'), text('a')])
  const later = [frame('3'), text('b'), restart]
  expect(hold.take(later)).toBe(later)
})

test("'calls' holds a call with its frame, and the frames before it that had no events", () => {
  const hold = new Hold('calls', 10_000)
  const spoken = [start(), frame('1'), text('a')]
  expect(hold.take(spoken)).toEqual(spoken)
  expect(hold.take([frame('2')])).toEqual([])
  expect(hold.take([frame('3'), text('b'), frame('4')])).toEqual([frame('2'), frame('3'), text('b')])
  const calling = [frame('5'), call, text('more')]
  expect(hold.take(calling)).toEqual([])
  expect([hold.isHolding, hold.take([finish])]).toEqual([true, [frame('4'), ...calling, finish]])
})

test("'calls': a restart after text is passed on, because the text can't be taken back; the half call is not", () => {
  const hold = new Hold('calls', 10_000)
  hold.take([start(), text('a'), call])
  expect(hold.take([restart])).toEqual([restart])
})

test("'answer' forgets what was held at a restart, and counts anew", () => {
  const hold = new Hold('answer', 1_000)
  expect(hold.take([start('bad'), text('a'.repeat(900))])).toEqual([])
  expect(hold.isFull).toBe(true)
  expect(hold.take([restart, start('good'), text('b')])).toEqual([])
  expect(hold.isFull).toBe(false)
  expect(hold.take([finish])).toEqual([start('good'), text('b'), finish])
})

test('frames without content count too: signs of life of an endpoint may come for ever', () => {
  const hold = new Hold('none', 10_000)
  for (let n = 0; n < 1_000 && !hold.isFull; n++) hold.take([frame('')])
  expect(hold.isFull).toBe(true)
  expect(hold.release().length).toBeLessThan(200)
})
