import { eventsOf } from './record.js'

/**
 * @typedef {import('./conversation.js').Conversation} Conversation
 * @typedef {import('./conversation.js').Turn} Turn
 */

/** What an answer that is not whole is called. @type {Record<string, string>} */
const STATES = {
  stopped: 'Stopped here.',
  interrupted: 'The page was closed here; the rest is missing.',
  streaming: 'The rest had not come yet.',
  failed: 'It failed here; the rest is missing.',
}

/**
 * A conversation as Markdown, for people.
 *
 * @param {Conversation} conversation
 * @param {readonly Turn[]} turns
 */
export function toMarkdown({ title, createdMs, settings }, turns) {
  const blocks = [`# ${title}`, new Date(createdMs).toISOString().slice(0, 10)]
  if (settings.system.trim() !== '') blocks.push(quoted(`Instructions: ${settings.system.trim()}`))
  for (const { question, answers } of turns) {
    blocks.push('## Question', question.text)
    if (question.images.length > 0) blocks.push(`(with ${question.images.length} image(s), which are in the JSON)`)
    for (const answer of answers) {
      blocks.push(answers.length > 1 ? `## Answer: ${answer.facts[0] ?? answer.choice.model}` : '## Answer')
      for (const message of answer.messages) blocks.push(...blocksOf(message))
      const note = STATES[answer.state]
      if (note !== undefined) blocks.push(`*${note}*`)
      if (answer.failure) blocks.push(quoted(answer.failure.message))
      if (answer.facts.length > 0) blocks.push(`*${answer.facts.join(' · ')}*`)
    }
  }
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/**
 * A conversation as JSON, for programs: messages as `@rivulet/core` has them.
 *
 * @param {Conversation} conversation
 * @param {readonly Turn[]} turns
 */
export function toJson({ title, createdMs, settings }, turns) {
  const kept = turns.map(({ question, answers }) => ({ question, answers }))
  return `${JSON.stringify({ title, created: new Date(createdMs).toISOString(), settings, turns: kept }, null, 2)}\n`
}

/** @param {import('@rivulet/core').Message} message */
function blocksOf(message) {
  /** @type {string[]} */
  const blocks = []
  for (const event of eventsOf([message])) {
    if (event.type === 'text') blocks.push(event.text)
    else if (event.type === 'reasoning') blocks.push(quoted(event.text))
    else if (event.type === 'tool-call') blocks.push(`Called \`${event.name}\`:`)
    else if (event.type === 'tool-input') blocks.push(fenced(event.text))
    else if (event.type === 'tool-result')
      blocks.push('Result:', fenced(typeof event.content === 'string' ? event.content : JSON.stringify(event.content)))
  }
  return blocks
}

/** @param {string} text */
const quoted = (text) => text.replace(/^/gm, '> ')

/** @param {string} text */
function fenced(text) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
