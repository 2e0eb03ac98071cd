import type { Random } from '../random.ts'
import { type PromptContext, placeIn } from './prompt.ts'
import { sample } from './sample.ts'
import type { ToolSpec, GenerationOptions } from './generation-options.ts'

/** A tool call in place of a text. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** The arguments; joined, they are JSON, or any text. */
  readonly fragments: readonly string[]
  /** They are any text. @default false */
  readonly isText?: boolean
}

const asksForTool = /\b(?:call|use|invoke|try)\b.{0,40}?\b(?:(\w+) )?tool\b/iu

/** The calls that the prompt asks for, or a text that says that the dialect cannot carry one. */
export function toolCalls(context: PromptContext, tools: boolean): readonly ToolCall[] | string | undefined {
  const { prompt, messages, random, options } = context
  // After a tool result, answer with text; otherwise the conversation would call tools forever.
  if (messages.at(-1)?.role === 'tool') return undefined
  if (options.tools !== undefined) {
    const calls = selectTools(prompt, options.tools, options).map(({ name, schema, isText = false }) =>
      isText
        ? { ...callOf(name, textInput(prompt), random), isText }
        : // The input of a function is an object, also without a schema.
          callOf(name, JSON.stringify(sample({ type: 'object', ...schema }, context)), random),
    )
    return calls.length === 0 ? undefined : options.parallel === false ? calls.slice(0, 1) : calls
  }
  const match = asksForTool.exec(prompt)
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

/** A call of the weather tool, for an answer that must contain a call. */
export function weatherCall(random: Random): ToolCall {
  return callOf('get_weather', '{"location":"Lisbon","unit":"celsius"}', random)
}

/** The tools that the prompt mentions or that the request forces. */
function selectTools(
  prompt: string,
  tools: readonly ToolSpec[],
  { toolChoice = 'auto' }: GenerationOptions,
): readonly ToolSpec[] {
  if (toolChoice === 'none') return []
  const able = typeof toolChoice === 'object' ? tools.filter(({ name }) => toolChoice.names.includes(name)) : tools
  const named = able.filter(({ name }) => mentions(prompt, name))
  if (named.length > 0) return named
  if (/\b(?:call|use|invoke|try|run)\b.{0,40}\b(?:both|all)\b.{0,40}\btools\b/iu.test(prompt)) return able
  const isForced = toolChoice !== 'auto'
  return isForced || asksForTool.test(prompt) ? able.slice(0, 1) : []
}

/** Words of a tool's name that do not say what it is for. */
const fillerWord = /^(?:get|set|the|and|for|tool|fetch|current|call|find|make|my|new)$/

/** “the weather in Oslo” mentions `get_weather`. */
function mentions(prompt: string, name: string): boolean {
  const text = prompt.toLowerCase()
  if (text.includes(name.toLowerCase())) return true
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
  return words.some((word) => word.length > 2 && !fillerWord.test(word) && new RegExp(`\\b${word}\\b`, 'u').test(text))
}

/** Any text: lines, quotes and a backslash show a reader that takes it for JSON. */
const textInput = (prompt: string): string => `*** Begin "${prompt.slice(0, 80)}"\n+\\d {"x": 1}\n*** End`

function callOf(name: string, json: string, random: Random): ToolCall {
  const id = `call_${Array.from({ length: 6 }, () => random.below(65_536).toString(16).padStart(4, '0')).join('')}`
  return { id, name, fragments: json.match(/[^]{1,8}/gu) ?? [json] }
}
