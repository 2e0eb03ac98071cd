import assert from 'node:assert/strict'
import { providerAt } from '../ask.ts'
import type { Exchange } from '../exchange.ts'
import { answering, headOf, wireOf } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { chatErrorOf, eventsOf, readAll, type Reading, resultOf, turns, within } from '../reading.ts'

/** Turns of the event loop in which a connection gets back into its pool. */
const ROUND = 20

interface Run {
  readings: Reading[]
  exchanges: readonly Exchange[]
}

/** Asks several times, one after another, with one provider. */
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
    name: 'an unrequested answer is delivered to no request',
    rows: [27],
    async run(context) {
      const { text, errorFirst } = context.subject.answers
      const foreign = Buffer.concat(wireOf(errorFirst ?? { contentType: 'text/html', body: text.body }, 'length'))
      const mine = Buffer.concat([headOf(text, 'length'), text.body])
      const what = 'a second answer after the first'
      const { readings } = await askInTurn(context, what, 3, async (exchange) => {
        await exchange.write(Buffer.concat([mine, foreign]))
      })
      for (const reading of readings) {
        // The next request may find a connection with surplus bytes broken.
        if (reading.failure === undefined) assert.equal(textIn(reading, what), text.text, what)
        else assert.equal(chatErrorOf(reading, what).code, 'network', what)
      }
      return readings.some(({ failure }) => failure !== undefined) ? 'network' : 'each request got its own answer'
    },
  },
  {
    name: 'a kept-alive connection that dies on reuse costs at most one new request, and the answer is whole',
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
            seen.add('a connection for each request')
            continue
          }
          const [, second] = readings
          assert.ok(second)
          const asked = exchanges.length - 1
          if (second.failure === undefined) {
            assert.ok(!forGood, `${what}: an answer that was never sent`)
            assert.equal(textIn(second, what), text.text, what)
            assert.equal(asked, 2, `${what}: how many requests`)
            seen.add('sent again, whole')
          } else {
            assert.equal(chatErrorOf(second, what).code, 'network', what)
            assert.ok(asked <= (forGood ? 2 : 1), `${what}: ${asked} requests`)
            seen.add('network')
          }
        }
      }
      return [...seen].join('; ')
    },
  },
]
