import assert from 'node:assert/strict'
import type { EmbedResult } from '@rivulet/core'
import { providerAt } from '../ask.ts'
import type { FixtureFile } from '../fixtures-in.ts'
import { answering } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { chatErrorOf, within } from '../reading.ts'

async function embed(context: LawContext, what: string, answer: FixtureFile): Promise<EmbedResult> {
  const { embeddings } = context.subject.answers
  const provider = providerAt(context, context.server.play(answering(answer)).baseUrl)
  assert.ok(embeddings !== undefined && provider.embed !== undefined, 'embed() is lost')
  return within(context.patienceMs, what, provider.embed(embeddings.request))
}

export const embeddings: readonly Law[] = [
  {
    name: 'embed() gives a vector for each input, and anything else is malformed',
    rows: [36],
    anyTransport: true,
    exempts({ provider, answers }) {
      if (provider({}).embed === undefined) return 'it has no embeddings'
      return answers.embeddings === undefined ? 'no fixture embeddings' : undefined
    },
    async run(context) {
      const fixture = context.subject.answers.embeddings
      assert.ok(fixture)
      const { vectors } = await embed(context, 'a vector for each input', fixture.right)
      assert.equal(vectors.length, fixture.request.input.length, 'the vectors of a right answer')
      for (const [what, answer] of Object.entries(fixture.wrong)) {
        const failure = await embed(context, what, answer).then(
          ({ vectors: given }) => assert.fail(`${what}: ${given.length} vectors were given`),
          (error: unknown) => ({ error }),
        )
        const error = chatErrorOf({ events: [], failure }, what)
        assert.equal(error.code, 'malformed', `${what}: ${error.message}`)
      }
      return `malformed: ${Object.keys(fixture.wrong).join(', ')}`
    },
  },
]
