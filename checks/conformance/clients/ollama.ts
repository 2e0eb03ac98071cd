import assert from 'node:assert/strict'
import { Ollama } from 'ollama'
import { short } from '../verdict.ts'
import { book, isBook, type Endpoint, type Scenarios, thrownBy, weather } from './scenario.ts'

const model = 'gpt-oss:20b'
const say = (content: string) => ({ model, messages: [{ role: 'user', content }] })
const client = (at: Endpoint, key = 'sk-test') =>
  new Ollama({ host: at.baseUrl('ollama'), headers: { authorization: `Bearer ${key}` } })
const tool = {
  type: 'function',
  function: { name: weather.name, description: weather.description, parameters: weather.schema },
}

export const ollama: Scenarios = {
  async text(at) {
    const { message, prompt_eval_count: input, eval_count: output } = await client(at).chat(say('count to 5'))
    assert.equal(message.content, '1, 2, 3, 4, 5.')
    assert.ok(input > 0 && output > 5)
    return `${message.content} (${input} + ${output} tokens)`
  },
  async stream(at) {
    let text = ''
    let last = ''
    for await (const { message, done_reason: reason } of await client(at).chat({
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
  async tools(at) {
    const request = { ...say(weather.question), tools: [tool] }
    const { message } = await client(at).chat(request)
    const call = message.tool_calls?.[0]?.function
    assert.deepEqual(call?.arguments, { location: 'Oslo', unit: 'celsius' })
    const told = { role: 'tool', content: weather.result, tool_name: weather.name }
    const second = await client(at).chat({ ...request, messages: [...request.messages, message, told] })
    assert.match(second.message.content, /21 degrees/)
    return `${weather.name}(${JSON.stringify(call.arguments)}) → ${short(second.message.content, 40)}`
  },
  async structured(at) {
    const { message } = await client(at).chat({ ...say('a book'), format: book })
    assert.ok(isBook(message.content))
    return short(message.content)
  },
  async thoughts(at) {
    const { message } = await client(at).chat({ ...say('hello'), think: 'low' })
    assert.ok(message.thinking)
    return short(message.thinking)
  },
  async images(at) {
    const messages = [{ role: 'user', content: 'what is this?', images: [new Uint8Array([1, 2, 3])] }]
    const { message } = await client(at).chat({ model: 'gemma3:4b', messages })
    assert.match(message.content, /an image/)
    return short(message.content)
  },
  async models(at) {
    const { models } = await client(at).list()
    assert.ok(models.some(({ name }) => name === model))
    return `${models.length} models`
  },
  async embeddings(at) {
    const { embeddings } = await client(at).embed({ model: 'nomic-embed-text', input: ['a river', 'a sea'] })
    assert.equal(embeddings[1]?.length, 768)
    return `${embeddings.length} × ${embeddings[0]?.length ?? 0}`
  },
  async 'a wrong key (401)'(at) {
    const error = await thrownBy(() => client(at, 'wrong').chat(say('x')))
    assert.match(error.message, /unauthorized/)
    return error.message
  },
  async 404(at) {
    const error = await thrownBy(() => client(at).chat({ ...say('x'), model: 'llama0' }))
    assert.match(error.message, /model 'llama0' not found/)
    return error.message
  },
  async 429(at) {
    at.fault('ollama', { kind: 'retry-after', times: 1 })
    const error = await thrownBy(() => client(at).chat(say('x')))
    return error.message
  },
  async 'in-band error'(at) {
    at.fault('ollama', { kind: 'error-mid-stream', times: 1 })
    const error = await thrownBy(async () => {
      for await (const _ of await client(at).chat({ ...say('count to 9'), stream: true }));
    })
    assert.match(error.message, /overloaded/)
    return error.message
  },
  async truncated(at) {
    at.fault('ollama', { kind: 'truncate', times: 1 })
    const error = await thrownBy(async () => {
      for await (const _ of await client(at).chat({ ...say('count to 9'), stream: true }));
    })
    assert.match(error.message, /Did not receive done/)
    return error.message
  },
}
