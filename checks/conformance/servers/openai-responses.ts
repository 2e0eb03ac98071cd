import assert from 'node:assert/strict'
import OpenAI from 'openai'
import type { Provider } from '@rivulet/core'
import { responsesServer } from '@rivulet/protocol-openai'
import type { DialectId } from '@rivulet/simulator'
import { anthropic, google, openai } from 'rivulet'
import type { Endpoint, Scenarios } from '../clients/scenario.ts'
import { short } from '../verdict.ts'

type Item = OpenAI.Responses.ResponseOutputItem
type Input = OpenAI.Responses.ResponseInput

const server = responsesServer({ seal: true })

/** A client of a server of the dialect that asks this provider. */
const clientOf = (provider: Provider, raw: boolean): OpenAI =>
  new OpenAI({
    apiKey: 'sk-test',
    baseURL: 'http://rivulet.example/v1',
    maxRetries: 0,
    async fetch(_url, init) {
      const call = server.read({ path: '/v1/responses', body: init?.body })
      const writer = call.answer({ id: `resp_${++answers}`, created: 1_795_132_800, model: call.request.model })
      let body = ''
      try {
        for await (const event of provider.stream(call.request, { raw, unsupported: 'drop' }))
          body += writer.write([event])
      } catch (error) {
        if (body === '') return answerOf(call.error(error))
        body += writer.fail(error)
      }
      return new Response(body, { headers: { 'content-type': writer.contentType } })
    },
  })

let answers = 0

const answerOf = ({ status, headers, body }: ReturnType<typeof server.error>): Response =>
  new Response(body, { status, headers })

const tools: OpenAI.Responses.Tool[] = [
  {
    type: 'function',
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { location: { type: 'string' } },
      required: ['location'],
      additionalProperties: false,
    },
    strict: true,
  },
  { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' } },
  {
    type: 'namespace',
    name: 'sky',
    description: 'The sky.',
    tools: [{ type: 'function', name: 'get_stars', parameters: { type: 'object', properties: {} } }],
  },
]
const image = { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' } as const

/** Two turns of an agent: calls of all tools, then their results, with everything that came back. */
async function turns(provider: Provider, model: string, raw: boolean): Promise<string> {
  const client = clientOf(provider, raw)
  const rest = {
    model,
    tools,
    store: false,
    include: ['reasoning.encrypted_content' as const],
    reasoning: { effort: 'low' as const, summary: 'auto' as const },
    instructions: 'Be brief.',
  }
  const ask = (input: Input, stream: boolean) =>
    stream
      ? client.responses.stream({ ...rest, input }).finalResponse()
      : client.responses.create({ ...rest, input, stream: false })
  const said: string[] = []
  for (const stream of [true, false]) {
    const input: Input = [
      { role: 'user', content: 'use all the tools: the weather in Oslo, apply_patch and the stars' },
    ]
    const { output } = await ask(input, stream)
    assert.ok(output.some(({ type }) => type === 'reasoning'))
    const calls = output.filter(({ type }) => type !== 'reasoning')
    assert.deepEqual(
      calls.map((item) => [item.type, 'namespace' in item ? item.namespace : undefined]),
      [
        ['function_call', undefined],
        ['custom_tool_call', undefined],
        ['function_call', 'sky'],
      ],
    )
    const second = await ask([...input, ...output.map(sentBack), ...output.flatMap(resultOf)], stream)
    assert.match(second.output_text, /sunny|image/)
    said.push(second.output_text)
  }
  return short(said.join(' '), 60)
}

/** The helper of streams adds `parsed_arguments`, which the API refuses when it comes back (openai/openai-python#2720). */
function sentBack(item: Item): Input[number] {
  const { parsed_arguments: _parsed, ...rest } = item as Item & { parsed_arguments?: unknown }
  return rest as Input[number]
}

function resultOf(item: Item): Input {
  if (item.type === 'custom_tool_call')
    return [{ type: 'custom_tool_call_output', call_id: item.call_id, output: 'sunny' }]
  if (item.type !== 'function_call') return []
  return [
    { type: 'function_call_output', call_id: item.call_id, output: [{ type: 'input_text', text: 'sunny' }, image] },
  ]
}

const options = (sim: Endpoint, dialect: DialectId) => ({
  apiKey: 'sk-test',
  baseUrl: sim.baseUrl(dialect),
})
const responses = (sim: Endpoint) => openai({ ...options(sim, 'openai-responses'), api: 'responses' })

export const openaiResponses: Scenarios = {
  'agent, frames passed': (sim) => turns(responses(sim), 'gpt-6.1-terra', true),
  'agent, from events': (sim) => turns(responses(sim), 'gpt-6.1-terra', false),
  'agent, chat completions': (sim) => turns(openai(options(sim, 'openai')), 'gpt-6.1-terra', true),
  'agent, Messages': (sim) => turns(anthropic(options(sim, 'anthropic')), 'claude-sonnet-5-5', true),
  'agent, Gemini': (sim) => turns(google(options(sim, 'google')), 'gemini-3.8-flash', true),
  async 'a failure inside'(sim) {
    sim.fault('openai-responses', { kind: 'error-mid-stream', times: 1 })
    const types: string[] = []
    const stream = await clientOf(responses(sim), true).responses.create({
      model: 'gpt-6.1-terra',
      input: 'count to 9',
      stream: true,
    })
    for await (const event of stream) types.push(event.type)
    assert.equal(types.at(-1), 'response.failed')
    return types.at(-1) ?? ''
  },
  async 'what is stored nowhere'(sim) {
    const client = clientOf(responses(sim), true)
    const stored = { model: 'gpt-6.1-terra', input: 'go on', previous_response_id: 'resp_1' }
    await assert.rejects(() => client.responses.create(stored))
    return 'refused'
  },
}
