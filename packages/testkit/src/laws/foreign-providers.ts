import assert from 'node:assert/strict'
import { deadlines, type Layer, observe, pipe, type Provider, recordExchanges, retry, withModel } from '@rivulet/core'
import { estimateUsage } from '@rivulet/core/estimate'
import { bareProviderAt } from '../ask.ts'
import {
  deliveries,
  type Delivery,
  foreignProvider,
  FOREIGN_TEXT,
  type StreamLie,
  streamLies,
} from '../foreign-provider.ts'
import { answering } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { chatErrorOf, readAll, type Reading, resultOf, within } from '../reading.ts'

const REQUEST = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } as const

/** Every layer of core, as it changes least. */
const layers: Readonly<Record<string, Layer>> = {
  deadlines: deadlines(),
  estimateUsage: estimateUsage({ countTokens: (text) => text.length }),
  observe: observe({}),
  recordExchanges: recordExchanges({ to: () => undefined }),
  retry: retry({ attempts: 1 }),
  withModel: withModel('m'),
}

/** A lie is an error; where the reader stops at the first finish, it is an answer that ends there. */
function judge(reading: Reading, { code }: StreamLie, what: string, others: readonly string[] = []): void {
  const types = reading.events.map(({ type }) => type)
  const { text } = resultOf(reading.events)
  assert.ok(types.filter((type) => type === 'finish').length <= 1, `${what}: two finishes are delivered`)
  assert.ok(!types.slice(0, -1).includes('finish'), `${what}: events after the finish are delivered`)
  if (reading.failure !== undefined) {
    const error = chatErrorOf(reading, what)
    assert.equal(error.code, code, `${what}: ${error.message}`)
    if (text !== '') assert.equal(error.partial?.text, text, `${what}: error.partial is not what was delivered`)
    return
  }
  assert.equal(types.at(-1), 'finish', `${what}: a quiet end`)
  const honest = code === 'malformed' ? [FOREIGN_TEXT, ...others] : others
  assert.ok(honest.includes(text), `${what}: it ends as a success with "${text}"`)
}

/** Reads through `over` whatever a foreign provider can tell. Gives the number of lies. */
async function readLies(
  { patienceMs, subject }: LawContext,
  over: string,
  wrapped: (foreign: Provider) => Provider,
  others?: readonly string[],
): Promise<number> {
  const told = streamLies.flatMap((lie) => deliveries.map((delivery): [StreamLie, Delivery] => [lie, delivery]))
  for (const [lie, delivery] of told) {
    const what = `a stream that ${lie.name}, ${delivery}, through ${over}`
    const request = others === undefined ? REQUEST : subject.request
    const stream = wrapped(foreignProvider(lie, delivery)).stream(request)
    judge(await within(patienceMs, what, readAll(stream)), lie, what, others)
  }
  return told.length
}

export const foreignProviders: readonly Law[] = [
  {
    name: 'a provider that is not ours cannot lie through a layer',
    rows: [37],
    anyTransport: true,
    async run(context) {
      const { wrap } = context.subject
      let count = 0
      for (const [name, layer] of Object.entries(layers)) {
        count += await readLies(context, name, (foreign) => pipe(foreign, layer))
      }
      if (wrap !== undefined) count += await readLies(context, 'what wraps the provider', wrap)
      return `${count} lies, each an error or ended at its finish`
    },
  },
  {
    name: 'in a group: a provider that is not ours cannot lie',
    rows: [37],
    ofGroups: true,
    anyTransport: true,
    exempts: ({ group }) => (group === undefined ? 'it is tried without a group' : undefined),
    async run(context) {
      const { group, answers } = context.subject
      assert.ok(group)
      const good = context.server.play(answering(answers.text))
      const next = bareProviderAt(context, good.baseUrl)
      const text = answers.text.text ?? ''
      const count = await readLies(context, 'a group', (foreign) => group([foreign, next]), [text])
      // Without content, nothing has been delivered: the next member answers.
      for (const lie of streamLies.filter(({ events }) => events.every(({ type }) => type !== 'text'))) {
        const what = `a group whose first member ${lie.name}`
        const answer = group([foreignProvider(lie, 'one by one'), next]).stream(context.subject.request)
        const reading: Reading = await within(context.patienceMs, what, readAll(answer))
        assert.equal(resultOf(reading.events).text, text, `${what}: the answer of the next member`)
      }
      return `${count} lies, each an error, ended at its finish, or answered by the next member`
    },
  },
]
