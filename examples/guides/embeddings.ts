/** Texts as vectors: which of two sentences is nearer to a question. */
import { rivulet } from 'rivulet'

const river = rivulet.fromEnv()

const question = 'Where do fish live?'
const sentences = ['The sea is deep.', 'Bread needs an hour in the oven.']

const { vectors } = await river.embed({ model: 'openai/text-embedding-3-small', input: [question, ...sentences] })

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)

const [asked = [], ...others] = vectors
for (const [index, vector] of others.entries()) console.log(dot(asked, vector).toFixed(3), sentences[index])
