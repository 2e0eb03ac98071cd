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
  const sentences = [`Only ${name} is asked; if it fails, nobody takes over.`]
  if (can.length > 0) sentences.push(`It ${can.join(' and ')}.`)
  if (cannot.length > 0) sentences.push(`It takes no ${cannot.join(' and no ')}.`)
  return sentences.join(' ')
}

/** The settings of this page. */
const WORDS = { temperature: 'temperature', topP: 'top P', maxTokens: 'limit of its length' }
