import { pipe, retry, textOf } from '@rivulet/core'
import { lockchat } from '@rivulet/provider-lockchat'
import { failover } from '@rivulet/router'
import type { Contender } from '../contender.ts'

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]
const REQUEST = { model: 'gpt-4', messages: MESSAGES }

/** The source reads the first two steps of the path; what Lockchat puts behind them is not looked at. */
const provider = cached((url) => lockchat({ baseUrl: url }))
const steady = cached((url) => failover([pipe(lockchat({ baseUrl: url }), retry())]))

function cached<T>(make: (url: string) => T): (url: string) => T {
  const made = new Map<string, T>()
  return (url) => {
    const known = made.get(url) ?? make(url)
    made.set(url, known)
    return known
  }
}

export const events: Contender = {
  name: 'rivulet: for await (event of lockchat().stream())',
  async run(url) {
    let characters = 0
    for await (const event of provider(url).stream(REQUEST)) if (event.type === 'text') characters += event.text.length
    return characters
  },
}

export const text: Contender = {
  name: 'rivulet: for await (text of textOf(…))',
  async run(url) {
    let characters = 0
    for await (const piece of textOf(provider(url).stream(REQUEST))) characters += piece.length
    return characters
  },
}

export const group: Contender = {
  name: 'rivulet: through failover + retry + deadlines',
  async run(url) {
    let characters = 0
    for await (const event of steady(url).stream(REQUEST)) if (event.type === 'text') characters += event.text.length
    return characters
  },
}
