import assert from 'node:assert/strict'
import { providerAt } from '../ask.ts'
import type { Exchange } from '../exchange.ts'
import { answering, headOf, wireOf } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { chatErrorOf, eventsOf, readAll, type Reading, resultOf, turns, within } from '../reading.ts'

/** Turns in which a connection is back in its pool. */
const ROUND = 20

interface Run {
  readings: Reading[]
  exchanges: readonly Exchange[]
}

/** Asks one behind the other, with one provider. */
async function askInTurn(
  context: LawContext,
  what: string,
  times: number,
  script: (exchange: Exchange) => Promise<void> | void,
): Promise<Run> {
  const play = context.server.play(script)
  const provider = providerAt(context, play.baseUrl)
  const readings: Reading[] = []
  for (let time = 0; time < times; time++) {
    readings.push(await within(context.patienceMs, what, readAll(provider.stream(context.subject.request))))
    await turns(ROUND)
  }
  return { readings, exchanges: play.exchanges }
}

const textIn = (reading: Reading | undefined, what: string): string => {
  assert.ok(reading)
  return resultOf(eventsOf(reading, what)).text
}

export const keepAlive: readonly Law[] = [
  {
    name: 'two answers in a row share a connection and are not mixed',
    rows: [27],
    async run(context) {
      const { text } = context.subject.answers
      const whole = answering(text, 'length')
      const { readings, exchanges } = await askInTurn(context, 'answers in a row', 3, whole)
      for (const reading of readings) assert.equal(textIn(reading, 'answers in a row'), text.text)
      assert.equal(exchanges.length, 3, 'how many requests')
      return `3 answers on ${exchanges.filter(({ earlier }) => earlier === 0).length} connection(s)`
    },
  },
  {
    name: 'an answer that nobody asked for is given to nobody',
    rows: [27],
    async run(context) {
      const { text, errorFirst } = context.subject.answers
      const foreign = Buffer.concat(wireOf(errorFirst ?? { contentType: 'text/html', body: text.body }, 'length'))
      const mine = Buffer.concat([headOf(text, 'length'), text.body])
      const what = 'a second answer behind the first'
      const { readings } = await askInTurn(context, what, 3, async (exchange) => {
        await exchange.write(Buffer.concat([mine, foreign]))
      })
      for (const reading of readings) {
        // A connection that says too much may be found broken by the request that comes next.
        if (reading.failure === undefined) assert.equal(textIn(reading, what), text.text, what)
        else assert.equal(chatErrorOf(reading, what).code, 'network', what)
      }
      return readings.some(({ failure }) => failure !== undefined) ? 'network' : 'each had its own'
    },
  },
  {
    name: 'a kept-alive connection that dies as it is reused costs one new request at most, and the answer is whole',
    rows: [26],
    async run(context) {
      const { text } = context.subject.answers
      const seen = new Set<string>()
      for (const end of ['fin', 'reset'] as const) {
        for (const forGood of [false, true]) {
          const what = `${end} on reuse${forGood ? ', and again on the new connection' : ''}`
          let died = 0
          const { readings, exchanges } = await askInTurn(context, what, 2, async (exchange) => {
            const first = exchange.earlier === 0 && died === 0
            if (first || (died > 0 && !forGood)) return answering(text, 'length')(exchange)
            died++
            if (end === 'fin') exchange.fin()
            else await exchange.reset()
          })
          if (died === 0) {
            seen.add('a connection for each')
            continue
          }
          const [, second] = readings
          assert.ok(second)
          const asked = exchanges.length - 1
          if (second.failure === undefined) {
            assert.ok(!forGood, `${what}: an answer that never came`)
            assert.equal(textIn(second, what), text.text, what)
            assert.equal(asked, 2, `${what}: how often it was asked`)
            seen.add('asked again, whole')
          } else {
            assert.equal(chatErrorOf(second, what).code, 'network', what)
            assert.ok(asked <= (forGood ? 2 : 1), `${what}: asked ${asked} times`)
            seen.add('network')
          }
        }
      }
      return [...seen].join('; ')
    },
  },
]
