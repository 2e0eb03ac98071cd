import { systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { expect, test } from 'vitest'
import { answerExchange } from '../src/answer-exchange.ts'
import { clientDialects } from '../src/dialects.ts'
import type { Exchange } from '../src/exchange.ts'
import { doorFor } from '../src/keys/door.ts'
import { settingsOf } from '../src/options.ts'
import { CLIENTS, eventsOf } from './support/clients.ts'
import { finish, start, steps, text } from './support/providers.ts'

test.each(CLIENTS)(
  '$name: the last piece, the end mark and the end leave in one write',
  async ({ path, body, isWhole }) => {
    const answer = steps([start(), text('Hello')], [text(' there'), finish])
    const calls: [name: string, written: string][] = []
    const [pathname = '', search = ''] = path(true).split('?')
    const exchange: Exchange = {
      method: 'POST',
      path: pathname,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: { 'content-type': 'application/json' },
      left: new AbortController().signal,
      body: () => Promise.resolve(new TextEncoder().encode(JSON.stringify(body(true)))),
      begin: (status) => void calls.push(['begin', String(status)]),
      write(written) {
        calls.push(['write', written])
        return undefined
      },
      end(written) {
        calls.push(['end', written])
        return Promise.resolve()
      },
      drop: () => void calls.push(['drop', '']),
    }
    const provider = scriptedProvider('acme', systemClock, () => answer)
    await answerExchange(exchange, {
      provider,
      settings: settingsOf({}, provider),
      salt: '',
      watch: () => undefined,
      underWay: new Set(),
      dialects: clientDialects(false),
      door: doorFor(undefined, systemClock),
    })
    expect(calls.map(([name]) => name)).toEqual(['begin', 'write', 'end'])
    const last = calls.at(-1)?.[1] ?? ''
    expect(last).toContain(' there')
    expect(isWhole(eventsOf(last))).toBe(true)
  },
)
