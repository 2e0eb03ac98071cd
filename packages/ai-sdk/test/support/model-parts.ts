import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider'

/** A call with nothing but a question. */
export const question: LanguageModelV4CallOptions = {
  prompt: [{ role: 'user', content: [{ type: 'text', text: 'Why is the sky blue?' }] }],
}

/** All parts of a stream. */
export async function partsOf(
  model: LanguageModelV4,
  options: Partial<LanguageModelV4CallOptions> = {},
): Promise<LanguageModelV4StreamPart[]> {
  const { stream } = await model.doStream({ ...question, ...options })
  return Array.fromAsync(stream)
}

/** The types of parts, deltas of one block once. */
export const shapeOf = (parts: readonly { type: string }[]): string =>
  parts
    .map(({ type }) => type)
    .filter((type, index, types) => type !== types[index - 1])
    .join(' ')
