import { OutputItems } from '../../../src/responses/client/output-items.ts'

export type Step = readonly [type: string, fields?: object, key?: string]

/**
 * What these events say, `read` one by one: texts as they are, thoughts in brackets, seals in angles, calls as `id=name` and
 * `id<json`. With a final response, the answer ends; an error is its message, last.
 */
export function saidBy(steps: readonly Step[], response?: object, isCut = false): string[] {
  const said: string[] = []
  const items = itemsSaying(said)
  try {
    for (const [type, fields = {}, key = '#0'] of steps) items.read(`response.${type}`, key, { ...fields })
    if (response !== undefined) items.end({ ...response }, isCut)
  } catch (error) {
    said.push((error as Error).message)
  }
  return said
}

export const itemsSaying = (said: string[]): OutputItems =>
  new OutputItems((event) => {
    if (event.type === 'text') said.push(event.text)
    else if (event.type === 'reasoning') {
      const { text, sealed, ...rest } = event
      said.push(sealed === undefined ? `[${text}]` : `<${sealed} ${text}${JSON.stringify(rest)}>`)
    } else if (event.type === 'tool-call') said.push(`${event.id}=${event.name}`)
    else if (event.type === 'tool-input') said.push(`${event.id}<${event.text}`)
  })

export const DIFFERS = 'the pieces of the answer differ from the text that it repeats'

export const added = (item: unknown, output_index = 0): Step => ['output_item.added', { output_index, item }]
export const done = (item: unknown, output_index = 0): Step => ['output_item.done', { output_index, item }]
export const message = (content: unknown): object => ({ type: 'message', content })
export const words = (text: unknown): object => ({ type: 'output_text', text })
export const refusal = (text: unknown): object => ({ type: 'refusal', refusal: text })
export const thought = (fields: object): object => ({ type: 'reasoning', ...fields })
export const summed = (...texts: unknown[]): { summary: object[] } => ({
  summary: texts.map((text) => ({ type: 'summary_text', text })),
})
export const reasoned = (...texts: unknown[]): { content: object[] } => ({
  content: texts.map((text) => ({ type: 'reasoning_text', text })),
})
export const call = (json: unknown, name = 'f'): object => ({
  type: 'function_call',
  call_id: '1',
  name,
  arguments: json,
})
