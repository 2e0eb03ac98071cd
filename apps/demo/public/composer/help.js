/**
 * What is good to know about a choice, as a sentence.
 *
 * @param {import('../api.js').Provider | undefined} provider The one that is asked alone, if one is
 * @param {import('../api.js').Model | undefined} [model]
 */
export function helpFor(provider, model) {
  if (!provider) return 'One of the providers answers; if it fails, the next one takes over.'
  const { name, settings } = provider
  const can = [
    model?.inputs?.includes('image') && 'reads images',
    (model?.tools ?? settings.includes('tools')) && 'calls tools',
  ].filter((ability) => typeof ability === 'string')
  const cannot = Object.entries(WORDS)
    .filter(([setting]) => !settings.includes(setting))
    .map(([, words]) => words)
  const sentences = [`Only ${name} is asked; no other provider takes over if it fails.`]
  if (can.length > 0) sentences.push(`It ${can.join(' and ')}.`)
  if (cannot.length > 0) sentences.push(`It ignores ${cannot.join(' and ')}.`)
  return sentences.join(' ')
}

/** The settings of this page, which are left out for a provider that has no word for them. */
const WORDS = { temperature: 'temperature', topP: 'top P', maxTokens: 'the length limit' }
