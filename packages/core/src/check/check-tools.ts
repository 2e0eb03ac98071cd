import type { ChatRequest, Tool } from '../chat.ts'
import { checkCache } from './check-messages.ts'
import { must } from './check.ts'
import { isRecord } from './is-record.ts'
import { didYouMean, nearest, shown } from './suggest.ts'

type Kind = NonNullable<Tool['type']>

/** The fields of each type of tool. `run` and `schema` are for `runTools()`, and are never sent. */
const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  function: ['type', 'name', 'description', 'parameters', 'strict', 'cache', 'schema', 'run'],
  text: ['type', 'name', 'description', 'grammar', 'cache', 'schema', 'run'],
  native: ['type', 'dialect', 'value'],
}

/** Refuses tools that are none, and fields that would be left out unnoticed. */
export function checkTools(who: string, tools: readonly unknown[]): void {
  // Not forEach: it skips the holes of an array.
  for (const [index, tool] of tools.entries()) {
    const at = `${who}: tools[${index}]`
    must(isRecord(tool), at, 'a tool with name, description and parameters', tool)
    if (isRecord(tool.function)) {
      throw new TypeError(`${at}: name, description and parameters are fields of the tool: pass what "function" holds.`)
    }
    const { type = 'function', name, description, parameters, grammar } = tool
    if (!isKind(type)) {
      throw new TypeError(
        `${at}.type must be one of ${Object.keys(FIELDS).join(', ')}: a provider's own tool is { type: 'native', dialect, value }.`,
      )
    }
    checkNames(at, tool, FIELDS[type])
    checkCache(() => at, tool.cache)
    if (type === 'native') {
      must(typeof tool.dialect === 'string', `${at}.dialect`, 'a string', tool.dialect)
      must(isRecord(tool.value), `${at}.value`, 'an object', tool.value)
      continue
    }
    must(typeof name === 'string' && name !== '', `${at}.name`, 'a string that is not empty', name)
    must(description === undefined || typeof description === 'string', `${at}.description`, 'a string', description)
    must(parameters === undefined || isRecord(parameters), `${at}.parameters`, 'a JSON Schema, an object', parameters)
    must(['undefined', 'boolean'].includes(typeof tool.strict), `${at}.strict`, 'a boolean', tool.strict)
    const isGrammar =
      isRecord(grammar) &&
      (grammar.syntax === 'lark' || grammar.syntax === 'regex') &&
      typeof grammar.definition === 'string'
    must(grammar === undefined || isGrammar, `${at}.grammar`, "{ syntax: 'lark' or 'regex', definition }", grammar)
  }
}

/**
 * Refuses a choice of a tool that there is not: endpoints refuse it, or answer as if nothing was chosen. Tools of a dialect's own
 * may have any name, and there may be more in what is passed on as it is.
 */
export function checkToolChoice(who: string, { toolChoice, tools = [], extra, native }: ChatRequest): void {
  if (toolChoice === undefined || toolChoice === 'auto' || toolChoice === 'none') return
  const names = tools.flatMap((tool) => (tool.type === 'native' ? [] : [tool.name]))
  if (extra !== undefined || native !== undefined || names.length < tools.length) return
  if (names.length === 0)
    throw new TypeError(`${who}: toolChoice is about tools, and there are none: pass some in tools.`)
  if (toolChoice === 'required' || names.includes(toolChoice.name)) return
  const hint = didYouMean(toolChoice.name, names)
  throw new TypeError(
    `${who}: toolChoice is "${shown(toolChoice.name)}", which is none of the tools.${hint} Tools: ${names.slice(0, 10).join(', ')}.`,
  )
}

function checkNames(at: string, tool: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const name of Object.keys(tool)) {
    if (known.includes(name)) continue
    // Other libraries call the parameters a schema.
    const meant = /schema$/i.test(name) ? 'parameters' : nearest(name, known)
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
    const fields = known.filter((field) => field !== 'schema' && field !== 'run').join(', ')
    throw new TypeError(`${at}: unknown field "${shown(name)}".${hint} Fields: ${fields}.`)
  }
}

const isKind = (type: unknown): type is Kind => typeof type === 'string' && Object.hasOwn(FIELDS, type)
