import type { Random } from '../random.ts'
import { type Asked, placeIn } from './asked.ts'
import { sample } from './schema.ts'
import type { ToolSpec, Wishes } from './wishes.ts'

/** A call of a tool instead of a text. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** The arguments, JSON once they are joined. */
  readonly fragments: readonly string[]
}

const wanted = /\b(?:call|use|invoke|try)\b.{0,40}?\b(?:(\w+) )?tool\b/iu

/** Calls when the prompt asks for them; a text that says why not, where the dialect cannot carry one. */
export function toolCalls(asked: Asked, tools: boolean): readonly ToolCall[] | string | undefined {
  const { prompt, messages, random, wishes } = asked
  // After a tool has spoken its result is the subject, or the conversation would never end.
  if (messages.at(-1)?.role === 'tool') return undefined
  if (wishes.tools !== undefined) {
    const calls = chosen(prompt, wishes.tools, wishes).map(({ name, schema }) =>
      callOf(name, JSON.stringify(sample(schema, asked)), random),
    )
    return calls.length === 0 ? undefined : wishes.parallel === false ? calls.slice(0, 1) : calls
  }
  const match = wanted.exec(prompt)
  if (match === null) return undefined
  const word = (match[1] ?? 'weather').toLowerCase()
  const isWeather = word === 'weather' || word === 'the' || word === 'a'
  const name = isWeather ? 'get_weather' : word
  const input = isWeather ? { location: placeIn(prompt) ?? 'Lisbon', unit: 'celsius' } : { query: prompt }
  const json = JSON.stringify(input)
  if (!tools) {
    return `I would call \`${name}\` with \`${json}\`, but answers of this endpoint are plain text and cannot carry a tool call. Ask one of the other endpoints of the simulator.`
  }
  return [callOf(name, json, random)]
}

/** A call of the weather tool, for an answer that must hold one. */
export function weatherCall(random: Random): ToolCall {
  return callOf('get_weather', '{"location":"Lisbon","unit":"celsius"}', random)
}

/** The tools that the prompt speaks of, or that the request forces. */
function chosen(prompt: string, tools: readonly ToolSpec[], { toolChoice = 'auto' }: Wishes): readonly ToolSpec[] {
  if (toolChoice === 'none') return []
  const able = typeof toolChoice === 'object' ? tools.filter(({ name }) => toolChoice.names.includes(name)) : tools
  const named = able.filter(({ name }) => speaksOf(prompt, name))
  if (named.length > 0) return named
  if (/\b(?:call|use|invoke|try|run)\b.{0,40}\b(?:both|all)\b.{0,40}\btools\b/iu.test(prompt)) return able
  const isForced = toolChoice !== 'auto'
  return isForced || wanted.test(prompt) ? able.slice(0, 1) : []
}

/** Words of a tool's name that say nothing of what it is for. */
const idle = /^(?:get|set|the|and|for|tool|fetch|current|call|find|make|my|new)$/

/** “the weather in Oslo” speaks of `get_weather`. */
function speaksOf(prompt: string, name: string): boolean {
  const said = prompt.toLowerCase()
  if (said.includes(name.toLowerCase())) return true
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
  return words.some((word) => word.length > 2 && !idle.test(word) && new RegExp(`\\b${word}\\b`, 'u').test(said))
}

function callOf(name: string, json: string, random: Random): ToolCall {
  const id = `call_${Array.from({ length: 6 }, () => random.below(65_536).toString(16).padStart(4, '0')).join('')}`
  return { id, name, fragments: json.match(/[^]{1,8}/gu) ?? [json] }
}
