import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import {
  bothTools,
  changed,
  datas,
  weatherInput,
  isPerson,
  type Json,
  json,
  person,
  time,
  weather,
  zone,
} from './requests.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

const whole = (fields: Json) => json(sim, changed(sim, 'openai-responses', { stream: false, ...fields }))
const tool = (name: string, parameters: object) => ({ type: 'function', name, parameters, strict: false })
const tools = [tool('get_weather', weather), tool('get_time', time)]
/** Not validated here, like everything that a test asserts. */
const outputOf = ({ body }: { body: Json }) => body.output as (Json & { content?: Json[] })[]

describe('OpenAI Responses', () => {
  test('answers with items and usage', async () => {
    expect((await whole({ input: 'count to 3' })).body).toMatchObject({
      object: 'response',
      status: 'completed',
      output: [{ type: 'message', content: [{ type: 'output_text', text: '1, 2, 3.' }] }],
      usage: { input_tokens: 10, output_tokens: 6, total_tokens: 16 },
    })
  })

  test('streams numbered events, the last one with the whole response', async () => {
    const events = datas((await send(sim, changed(sim, 'openai-responses', { input: 'count to 3' }))).text)
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, at) => at))
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        'response.completed',
      ]),
    )
    expect(events.at(-1)).toMatchObject({ response: { output: [{ content: [{ text: '1, 2, 3.' }] }] } })
  })

  test('calls tools after encrypted reasoning, and accepts both back', async () => {
    const question = { role: 'user', content: bothTools }
    const rest = { tools, reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] }
    const [thought, ...calls] = outputOf(await whole({ ...rest, input: [question] }))
    expect(thought).toMatchObject({ type: 'reasoning', summary: [{ type: 'summary_text' }] })
    expect(calls.map(({ name, arguments: made }) => [name, JSON.parse(String(made)) as unknown])).toEqual([
      ['get_weather', weatherInput],
      ['get_time', zone],
    ])
    const outputs = calls.map(({ call_id: id }) => ({ type: 'function_call_output', call_id: id, output: 'fine' }))
    const input = [question, thought, ...calls, ...outputs]
    expect(JSON.stringify((await whole({ ...rest, input })).body)).toContain('The tools answered: fine; fine')
    const forged = [question, { ...thought, encrypted_content: 'other' }, ...calls, ...outputs]
    expect(await whole({ ...rest, input: forged })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_encrypted_content' } },
    })
    expect((await whole({ ...rest, input: input.slice(0, -1) })).status).toBe(400)
    expect((await whole({ ...rest, input: outputs })).status).toBe(400)
  })

  test('calls a custom tool with a text, and takes its result back', async () => {
    const grammar = { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' }
    const rest = { tools: [{ type: 'custom', name: 'apply_patch', format: grammar }] }
    const question = { role: 'user', content: 'apply_patch to the file' }
    const [call] = outputOf(await whole({ ...rest, input: [question] }))
    expect(call).toMatchObject({ type: 'custom_tool_call', name: 'apply_patch', input: 'apply_patch to the file' })
    const events = datas((await send(sim, changed(sim, 'openai-responses', { ...rest, input: [question] }))).text)
    const pieces = events.filter(({ type }) => type === 'response.custom_tool_call_input.delta')
    expect(pieces.map(({ delta }) => delta).join('')).toBe('apply_patch to the file')
    expect(events.at(-1)).toMatchObject({ response: { output: [{ input: 'apply_patch to the file' }] } })
    const result = (type: string, output: unknown) =>
      whole({ ...rest, input: [question, call, { type, call_id: call?.call_id, output }] })
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' }
    const parts = [{ type: 'input_text', text: 'patched' }, image]
    expect(JSON.stringify((await result('custom_tool_call_output', parts)).body)).toContain('answered: patched')
    expect((await result('function_call_output', 'patched')).status).toBe(400)
  })

  test('calls a tool in a namespace, and says which', async () => {
    const member = { type: 'function', name: 'get_weather', parameters: weather }
    const namespace = { type: 'namespace', name: 'sky', description: 'The sky.', tools: [member] }
    expect(outputOf(await whole({ input: 'the weather in Oslo', tools: [namespace] }))).toMatchObject([
      { type: 'function_call', namespace: 'sky', name: 'get_weather' },
    ])
  })

  test('calls a tool that an item of the input gives', async () => {
    const member = { type: 'custom', name: 'exec' }
    const namespace = { type: 'namespace', name: 'functions', description: '', tools: [member] }
    const item = { type: 'additional_tools', role: 'developer', tools: [namespace] }
    expect(outputOf(await whole({ input: [item, { role: 'user', content: 'exec this' }] }))).toMatchObject([
      { type: 'custom_tool_call', namespace: 'functions', name: 'exec' },
    ])
  })

  test('searches the web with the vendor’s tool, cites what it found, and takes both back', async () => {
    const rest = { tools: [{ type: 'web_search' }], input: 'search for rivers' }
    const output = outputOf(await whole(rest))
    const citation = { type: 'url_citation', url: 'https://example.com/' }
    expect(output).toMatchObject([
      { type: 'web_search_call', status: 'completed', action: { query: 'search for rivers' } },
      { type: 'message', content: [{ annotations: [citation] }] },
    ])
    const events = datas((await send(sim, changed(sim, 'openai-responses', rest))).text)
    expect(events.filter(({ type }) => type === 'response.output_text.annotation.added')).toMatchObject([
      { annotation_index: 0, annotation: citation },
    ])
    expect(events.at(-1)).toMatchObject({ response: { output } })
    const question = { role: 'user', content: 'search for rivers' }
    expect((await whole({ ...rest, input: [question, ...output, question] })).status).toBe(200)
  })

  test('satisfies a schema, obeys a length limit, and continues a prefill', async () => {
    const format = { type: 'json_schema', name: 'person', schema: person }
    const text = outputOf(await whole({ input: 'a person', text: { format } }))[0]?.content?.[0]?.text
    expect(isPerson(String(text))).toBe(true)
    expect((await whole({ input: 'count to 9', max_output_tokens: 3 })).body).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    })
    const events = (await send(sim, changed(sim, 'openai-responses', { max_output_tokens: 1 }))).text
    expect(datas(events).at(-1)?.type).toBe('response.incomplete')
    const input = [
      { role: 'user', content: 'count to 5' },
      { role: 'assistant', content: '1, 2, ' },
    ]
    expect((await whole({ input })).body).toMatchObject({ output: [{ content: [{ text: '3, 4, 5.' }] }] })
  })

  test('refuses in a separate part, and accepts images', async () => {
    expect((await whole({ input: 'refuse this' })).body).toMatchObject({ output: [{ content: [{ type: 'refusal' }] }] })
    const content = [
      { type: 'input_text', text: 'what is this?' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
    ]
    expect(JSON.stringify((await whole({ input: [{ role: 'user', content }] })).body)).toContain('I see an image')
  })

  test.each<[string, Json, number, Json]>([
    ['an unknown field', { stop: 'x' }, 400, { code: 'unknown_parameter', param: 'stop' }],
    ['an unknown nested field', { input: [{ role: 'user', content: '', at: 1 }] }, 400, { param: 'input[0].at' }],
    ['no input', { input: undefined }, 400, { code: 'missing_required_parameter' }],
    [
      'a previous response, which is not stored',
      { previous_response_id: 'resp_1' },
      400,
      { code: 'previous_response_not_found' },
    ],
    ['an item of an unknown type', { input: [{ type: 'thought' }] }, 400, { param: 'input[0].type' }],
    ['a reference to an item, which is not stored', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 404, {}],
    [
      'a field of another dialect in a result',
      { input: [{ type: 'function_call_output', call_id: 'a', output: 'b', is_error: true }] },
      400,
      { param: 'input[0].is_error' },
    ],
    [
      'an image of another dialect in a result',
      { input: [{ type: 'function_call_output', call_id: 'a', output: [{ type: 'image_url', image_url: 'b' }] }] },
      400,
      { param: 'input[0].output[0].type' },
    ],
    [
      'an unknown citation',
      { input: [{ role: 'assistant', content: [{ type: 'output_text', text: 'a', annotations: [{ type: 'b' }] }] }] },
      400,
      { param: 'input[0].content[0].annotations[0].type' },
    ],
    [
      'an unknown phase',
      { input: [{ role: 'assistant', content: 'a', phase: 'b' }] },
      400,
      { param: 'input[0].phase' },
    ],
    ['an unknown tool', { tools: [{ type: 'text', name: 'a' }] }, 400, { param: 'tools[0].type' }],
    [
      'a grammar without its syntax',
      { tools: [{ type: 'custom', name: 'a', format: { type: 'grammar', definition: 'b' } }] },
      400,
      { param: 'tools[0].format.syntax' },
    ],
    [
      'a namespace without tools',
      { tools: [{ type: 'namespace', name: 'a', description: 'b' }] },
      400,
      { param: 'tools[0].tools' },
    ],
    [
      'a mark for the cache of another dialect',
      { tools: [{ ...tools[0], cache_control: {} }] },
      400,
      { param: 'tools[0].cache_control' },
    ],
    ['a choice without a name', { tools, tool_choice: { type: 'custom' } }, 400, { param: 'tool_choice.name' }],
    ['an unknown effort', { reasoning: { effort: 'huge' } }, 400, { param: 'reasoning.effort' }],
    ['an unknown inclusion', { include: ['thoughts'] }, 400, { param: 'include[0]' }],
    ['a setting of another dialect', { top_k: 1 }, 400, { param: 'top_k' }],
    ['background mode', { background: true }, 400, { param: 'background' }],
    ['an unknown model', { model: 'gpt-0' }, 404, { code: 'model_not_found' }],
  ])('rejects %s', async (_what, fields, status, error) => {
    expect(await whole(fields)).toMatchObject({ status, body: { error } })
  })
})
