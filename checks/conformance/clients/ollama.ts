import assert from 'node:assert/strict'
import { Ollama } from 'ollama'
import type { Simulator } from '@rivulet/simulator'
import { short } from '../verdict.ts'
import { book, isBook, type Scenarios, thrownBy, weather } from './scenario.ts'

const model = 'gpt-oss:20b'
const say = (content: string) => ({ model, messages: [{ role: 'user', content }] })
const client = (sim: Simulator, key = 'sk-test') =>
  new Ollama({ host: sim.baseUrl('ollama'), headers: { authorization: `Bearer ${key}` } })
const tool = {
  type: 'function',
  function: { name: weather.name, description: weather.description, parameters: weather.schema },
}

export const ollama: Scenarios = {
  async text(sim) {
    const { message, prompt_eval_count: input, eval_count: output } = await client(sim).chat(say('count to 5'))
    assert.equal(message.content, '1, 2, 3, 4, 5.')
    assert.ok(input > 0 && output > 5)
    return `${message.content} (${input} + ${output} tokens)`
  },
  async stream(sim) {
    let text = ''
    let last = ''
    for await (const { message, done_reason: reason } of await client(sim).chat({
      ...say('count to 5'),
      stream: true,
    })) {
      text += message.content
      last = reason
    }
    assert.equal(text, '1, 2, 3, 4, 5.')
    assert.equal(last, 'stop')
    return text
  },
  async tools(sim) {
    const request = { ...say(weather.question), tools: [tool] }
    const { message } = await client(sim).chat(request)
    const call = message.tool_calls?.[0]?.function
    assert.deepEqual(call?.arguments, { location: 'Oslo', unit: 'celsius' })
    const told = { role: 'tool', content: weather.result, tool_name: weather.name }
    const second = await client(sim).chat({ ...request, messages: [...request.messages, message, told] })
    assert.match(second.message.content, /21 degrees/)
    return `${weather.name}(${JSON.stringify(call.arguments)}) → ${short(second.message.content, 40)}`
  },
  async structured(sim) {
    const { message } = await client(sim).chat({ ...say('a book'), format: book })
    assert.ok(isBook(message.content))
    return short(message.content)
  },
  async thoughts(sim) {
    const { message } = await client(sim).chat({ ...say('hello'), think: 'low' })
    assert.ok(message.thinking)
    return short(message.thinking)
  },
  async images(sim) {
    const messages = [{ role: 'user', content: 'what is this?', images: [new Uint8Array([1, 2, 3])] }]
    const { message } = await client(sim).chat({ model: 'gemma3:4b', messages })
    assert.match(message.content, /an image/)
    return short(message.content)
  },
  async models(sim) {
    const { models } = await client(sim).list()
    assert.ok(models.some(({ name }) => name === model))
    return `${models.length} models`
  },
  async embeddings(sim) {
    const { embeddings } = await client(sim).embed({ model: 'nomic-embed-text', input: ['a river', 'a sea'] })
    assert.equal(embeddings[1]?.length, 768)
    return `${embeddings.length} × ${embeddings[0]?.length ?? 0}`
  },
  async 'a wrong key (401)'(sim) {
    const error = await thrownBy(() => client(sim, 'wrong').chat(say('x')))
    assert.match(error.message, /unauthorized/)
    return error.message
  },
  async 404(sim) {
    const error = await thrownBy(() => client(sim).chat({ ...say('x'), model: 'llama0' }))
    assert.match(error.message, /model 'llama0' not found/)
    return error.message
  },
  async 429(sim) {
    sim.fault('ollama', { kind: 'retry-after', times: 1 })
    const error = await thrownBy(() => client(sim).chat(say('x')))
    return error.message
  },
  async 'in-band error'(sim) {
    sim.fault('ollama', { kind: 'error-mid-stream', times: 1 })
    const error = await thrownBy(async () => {
      for await (const _ of await client(sim).chat({ ...say('count to 9'), stream: true }));
    })
    assert.match(error.message, /overloaded/)
    return error.message
  },
  async truncated(sim) {
    sim.fault('ollama', { kind: 'truncate', times: 1 })
    const error = await thrownBy(async () => {
      for await (const _ of await client(sim).chat({ ...say('count to 9'), stream: true }));
    })
    assert.match(error.message, /Did not receive done/)
    return error.message
  },
}
