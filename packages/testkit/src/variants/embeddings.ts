import { bytesOf } from '../bytes.ts'
import type { FixtureFile } from '../fixtures-in.ts'
import type { EmbeddingFixture } from '../variants.ts'

/** One vector of an answer: `index` is its place, where the dialect has one. */
interface Entry {
  index: number
  vector: readonly unknown[]
}

const ONE = [0.5, -0.25]
const TWO = [0.25, 1]

/** Answers that have not one vector for each of two inputs, in dialects of any kind. */
const WRONG: Readonly<Record<string, readonly Entry[]>> = {
  'one vector for two inputs': [{ index: 0, vector: ONE }],
  'three vectors for two inputs': [ONE, TWO, ONE].map((vector, index) => ({ index, vector })),
  'no vector': [],
  'an empty vector': [
    { index: 0, vector: ONE },
    { index: 1, vector: [] },
  ],
  'a vector of words': [
    { index: 0, vector: ONE },
    { index: 1, vector: ['0.25', '1'] },
  ],
}

/** The same, in a dialect whose vectors are numbered. */
const WRONG_NUMBERS: Readonly<Record<string, readonly Entry[]>> = {
  'one index twice': [
    { index: 0, vector: ONE },
    { index: 0, vector: TWO },
  ],
  'a huge index': [
    { index: 0, vector: ONE },
    { index: 1e9, vector: TWO },
  ],
  'a negative index': [
    { index: -1, vector: ONE },
    { index: 0, vector: TWO },
  ],
  'a fractional index': [
    { index: 0, vector: ONE },
    { index: 0.5, vector: TWO },
  ],
}

function fixtureOf(
  model: string,
  write: (entries: readonly Entry[]) => object,
  wrong: Readonly<Record<string, readonly Entry[]>>,
): EmbeddingFixture {
  const file = (entries: readonly Entry[]): FixtureFile => ({
    contentType: 'application/json',
    body: bytesOf(JSON.stringify(write(entries))),
  })
  return {
    request: { model, input: ['one', 'two'] },
    right: file([ONE, TWO].map((vector, index) => ({ index, vector }))),
    wrong: Object.fromEntries(Object.entries(wrong).map(([name, entries]) => [name, file(entries)])),
  }
}

/** Answers of `POST /embeddings` in OpenAI's dialect. */
export const openaiEmbeddings = (model: string): EmbeddingFixture =>
  fixtureOf(
    model,
    (entries) => ({
      object: 'list',
      model,
      data: entries.map(({ index, vector }) => ({ object: 'embedding', index, embedding: vector })),
      usage: { prompt_tokens: 2, total_tokens: 2 },
    }),
    { ...WRONG, ...WRONG_NUMBERS },
  )

/** Answers of `:batchEmbedContents` in Gemini's dialect. */
export const geminiEmbeddings = (model: string): EmbeddingFixture =>
  fixtureOf(model, (entries) => ({ embeddings: entries.map(({ vector }) => ({ values: vector })) }), WRONG)

/** Answers of `POST /api/embed` in Ollama's dialect. */
export const ollamaEmbeddings = (model: string): EmbeddingFixture =>
  fixtureOf(model, (entries) => ({ model, embeddings: entries.map(({ vector }) => vector) }), WRONG)
