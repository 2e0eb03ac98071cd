import type { RunnableTool } from '../tools/tool.ts'
import { must } from './check.ts'
import { isRecord } from './is-record.ts'
import { nearest, shown } from './suggest.ts'

/** `run` and `schema` are for `runTools()`, and are never sent. */
const FIELDS: Readonly<Record<keyof RunnableTool, true>> = {
  name: true,
  description: true,
  parameters: true,
  schema: true,
  run: true,
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
    for (const name of Object.keys(tool)) {
      if (Object.hasOwn(FIELDS, name)) continue
      // Other libraries call the parameters a schema.
      const meant = /schema$/i.test(name) ? 'parameters' : nearest(name, Object.keys(FIELDS))
      const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
      throw new TypeError(`${at}: unknown field "${shown(name)}".${hint} Fields: name, description, parameters.`)
    }
    const { name, description, parameters } = tool
    must(typeof name === 'string' && name !== '', `${at}.name`, 'a string that is not empty', name)
    must(description === undefined || typeof description === 'string', `${at}.description`, 'a string', description)
    must(parameters === undefined || isRecord(parameters), `${at}.parameters`, 'a JSON Schema, an object', parameters)
  }
}
