import { type ChatRequest, type ChatResult, toMessage } from '@rivulet/core'
import { answered } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { acme, request } from '../support/acme.ts'
import { answer } from '../support/decoding.ts'

const resultOf = (body: string): Promise<ChatResult> => answered({ body }, acme).resultOf(request)
const contentsOf = (messages: ChatRequest['messages']): Promise<Record<string, unknown>> =>
  answered({ body: answer([]) }, acme).bodyOf({ ...request, messages })

describe('the conversation', () => {
  test('has its system messages apart, alternating turns, images and files in their parts', async () => {
    expect(
      await contentsOf([
        { role: 'system', content: 'One.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look:' },
            { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
            { type: 'image', url: 'https://example.com/a.webp?x=1' },
            { type: 'image', url: 'https://example.com/picture' },
            { type: 'file', url: 'https://example.com/book' },
            { type: 'file', url: 'data:text/plain,Gr%C3%BC%C3%9Fe' },
          ],
        },
        { role: 'system', content: 'Two.' },
        { role: 'user', content: 'Well?' },
      ]),
    ).toEqual({
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'Look:' },
            { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
            { fileData: { fileUri: 'https://example.com/a.webp?x=1', mimeType: 'image/webp' } },
            { fileData: { fileUri: 'https://example.com/picture', mimeType: 'image/jpeg' } },
            { fileData: { fileUri: 'https://example.com/book', mimeType: 'application/pdf' } },
            { inlineData: { mimeType: 'text/plain', data: 'R3LDvMOfZQ==' } },
            { text: 'Well?' },
          ],
        },
      ],
      systemInstruction: { parts: [{ text: 'One.' }, { text: 'Two.' }] },
    })
  })

  test.each(['constructor', 'tostring', 'zip'])(
    'guesses the type of an image whose address ends in .%s',
    async (end) => {
      const image = { type: 'image', url: `https://example.com/a.${end}` } as const
      expect(await contentsOf([{ role: 'user', content: [image] }])).toMatchObject({
        contents: [{ parts: [{ fileData: { mimeType: 'image/jpeg' } }] }],
      })
    },
  )

  test('sends calls with their signatures in place, and results by name', async () => {
    const functionCall = { id: '8f2b1a3c', name: 'get_weather', args: { location: 'Zürich' } }
    const parts = [{ text: 'I look.' }, { functionCall, thoughtSignature: 'CtQBAdHtim9eK1tP' }]
    const result = await resultOf(answer(parts))
    const { contents } = await contentsOf([
      ...request.messages,
      toMessage(result),
      { role: 'tool', toolCallId: '8f2b1a3c', content: 'Rain.' },
    ])
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }] },
      {
        role: 'model',
        parts: [
          { text: 'I look.' },
          {
            functionCall: { id: '8f2b1a3c', name: 'get_weather', args: { location: 'Zürich' } },
            thoughtSignature: 'CtQBAdHtim9eK1tP',
          },
        ],
      },
      {
        role: 'user',
        parts: [{ functionResponse: { id: '8f2b1a3c', name: 'get_weather', response: { output: 'Rain.' } } }],
      },
    ])
  })

  test('sends the signature of a text with the text that it completes', async () => {
    const result = await resultOf(answer([{ text: 'Hallo' }, { text: '', thoughtSignature: 'EjQKMgEMOdbHxo8M' }]))
    const { contents } = await contentsOf([...request.messages, toMessage(result), { role: 'user', content: 'Go on.' }])
    expect(contents).toMatchObject([{}, { parts: [{ text: 'Hallo', thoughtSignature: 'EjQKMgEMOdbHxo8M' }] }, {}])
  })

  test('sends a turn in its order, each signature with what it signs, and the parts of its own as they are', async () => {
    const code = { executableCode: { language: 'PYTHON', code: 'print(1)' }, thoughtSignature: 's1' }
    const parts = [
      { text: 'Hm.', thought: true, thoughtSignature: 's0' },
      code,
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
      { text: 'I look.', thoughtSignature: 's2' },
      { functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 's3' },
      { functionCall: { id: 'b', name: 'f', args: {} } },
    ]
    const unsigned = { text: 'A summary for people.', thought: true }
    const groundingMetadata = { webSearchQueries: ['rivers'] }
    const result = await resultOf(answer([...parts, unsigned], 'STOP', { groundingMetadata }))
    const turn = toMessage(result)
    expect(await contentsOf([...request.messages, turn])).toMatchObject({ contents: [{}, { role: 'model', parts }] })
    // The same turn for another model of this provider: what it said and called, without thoughts and signatures.
    const { contents } = await contentsOf([
      ...request.messages,
      { ...turn, origin: { provider: 'acme', model: 'acme-2' } },
    ])
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }] },
      {
        role: 'model',
        parts: [
          { executableCode: code.executableCode },
          parts[2],
          { text: 'I look.' },
          { ...parts[4], thoughtSignature: 'skip_thought_signature_validator' },
          parts[5],
        ],
      },
    ])
  })

  test('names what is left out: the thoughts of another model, and the parts of another dialect', async () => {
    const { resultOf: asking } = answered({ body: answer([]) }, acme)
    const native = { type: 'native', dialect: 'anthropic-messages', value: { type: 'compaction' } } as const
    const origin = { provider: 'anthropic', model: 'claude' }
    const content = [{ type: 'reasoning', text: 'Hm.', signature: 'theirs' }, native] as const
    const messages = [
      ...request.messages,
      { role: 'assistant', content, origin },
      { role: 'user', content: [native, { type: 'text', text: 'Go on.' }] },
      { role: 'tool', toolCallId: 'a', content: [native] },
    ] as const
    expect((await asking({ ...request, messages })).dropped).toEqual([
      'reasoning of another model',
      'native parts of anthropic-messages',
    ])
    expect((await contentsOf(messages)).contents).toEqual([
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'a', response: { output: '' } } },
          { text: 'Hello' },
          { text: 'Go on.' },
        ],
      },
    ])
  })

  test('has images and documents inside the result of a tool; those that may not be there follow the results', async () => {
    const { resultOf: asking, bodyOf } = answered({ body: answer([]) }, acme)
    const call = { type: 'tool-call', id: 'a', name: 'f', input: '{}' } as const
    const content = [
      { type: 'text', text: 'One' },
      { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
      { type: 'text', text: 'Two' },
      { type: 'file', url: 'data:application/pdf;base64,JVBERi0=' },
      { type: 'image', url: 'https://example.com/a.png' },
      { type: 'native', dialect: 'gemini', value: { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } } },
    ] as const
    const messages = [
      ...request.messages,
      { role: 'assistant', content: [call, { ...call, id: 'b' }] },
      { role: 'tool', toolCallId: 'a', content },
      { role: 'tool', toolCallId: 'b', content: 'Three' },
    ] as const
    expect((await bodyOf({ ...request, messages })).contents).toMatchObject([
      {},
      {},
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              id: 'a',
              response: { output: 'One\nTwo' },
              parts: [
                { inlineData: { mimeType: 'image/png' } },
                { inlineData: { mimeType: 'application/pdf' } },
                { inlineData: { mimeType: 'audio/wav' } },
              ],
            },
          },
          { functionResponse: { id: 'b', response: { output: 'Three' } } },
          { fileData: { fileUri: 'https://example.com/a.png' } },
        ],
      },
    ])
    expect((await asking({ ...request, messages })).dropped).toEqual(["images of tool results sent as a user's turn"])
  })

  test('sends the text of a call that takes text as the argument of a function', async () => {
    const content = [{ type: 'tool-call', id: 'a', name: 'patch', format: 'text', input: 'a"b' }] as const
    const { contents } = await contentsOf([...request.messages, { role: 'assistant', content }])
    expect(contents).toMatchObject([{}, { parts: [{ functionCall: { args: { input: 'a"b' } } }] }])
  })

  test.each(['{', '{"call":"0"}', 'plain'])('sends a signature unchanged: %s', async (signature) => {
    const content = [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Yes.' },
      { type: 'text', text: '', signature },
    ] as const
    const origin = { provider: 'acme', model: 'acme-1' }
    const { contents } = await contentsOf([...request.messages, { role: 'assistant', content, origin }])
    expect(contents).toMatchObject([{}, { parts: [{ text: 'Yes.' }, { text: '', thoughtSignature: signature }] }])
  })

  test.each(['openai', undefined])('marks calls from another provider (%s) as unsigned', async (provider) => {
    const thoughts = provider === undefined ? [] : [{ type: 'reasoning', text: 'Hm.', signature: 'theirs' } as const]
    const toolCalls = [
      { type: 'tool-call', id: 'a', name: 'f', input: '{}' },
      { type: 'tool-call', id: 'b', name: 'g', input: '{"x":1}' },
    ] as const
    const origin = provider === undefined ? undefined : { provider, model: 'acme-1' }
    const { contents } = await contentsOf([
      ...request.messages,
      { role: 'assistant', content: [...thoughts, ...toolCalls], origin },
      { role: 'tool', toolCallId: 'a', content: '1' },
      { role: 'tool', toolCallId: 'b', content: 'no', isError: true },
    ])
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
          { functionCall: { id: 'b', name: 'g', args: { x: 1 } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'f', response: { output: '1' } } },
          { functionResponse: { id: 'b', name: 'g', response: { error: 'no' } } },
        ],
      },
    ])
  })

  test.each(['{"x":', '[]'])('sends arguments that a model broke inside an object: %s', async (json) => {
    const content = [{ type: 'tool-call', id: 'a', name: 'f', input: json }] as const
    const { contents } = await contentsOf([...request.messages, { role: 'assistant', content }])
    expect(contents).toMatchObject([{}, { parts: [{ functionCall: { args: { INVALID_JSON: json } } }] }])
  })
})

describe('what the API refuses', () => {
  const hello = { role: 'user', parts: [{ text: 'Hello' }] }
  const contentsOfTurns = async (...messages: ChatRequest['messages']): Promise<unknown> =>
    (await contentsOf([...request.messages, ...messages])).contents

  test('is left out: empty texts, turns without content, empty signatures', async () => {
    const again = { role: 'user', content: 'Again' } as const
    const both = [{ role: 'user', parts: [{ text: 'Hello' }, { text: 'Again' }] }]
    expect(await contentsOfTurns({ role: 'assistant', content: '' }, again)).toEqual(both)
    expect(await contentsOfTurns({ role: 'user', content: [{ type: 'text', text: '' }] }, again)).toEqual(both)
    const thoughts = [{ type: 'reasoning', text: 'Hm.', signature: '' }] as const
    const origin = { provider: 'acme', model: 'acme-1' }
    expect(await contentsOfTurns({ role: 'assistant', content: thoughts, origin })).toEqual([hello])
    expect(await contentsOf([{ role: 'system', content: '' }, ...request.messages])).not.toHaveProperty(
      'systemInstruction',
    )
  })

  test('is put in order: the results of a turn come first in the next', async () => {
    const content = ['a', 'b'].map((id) => ({ type: 'tool-call', id, name: 'f', input: '{}' }) as const)
    const contents = await contentsOfTurns(
      { role: 'assistant', content },
      { role: 'tool', toolCallId: 'a', content: '1' },
      { role: 'user', content: 'Well?' },
      { role: 'tool', toolCallId: 'b', content: '2' },
    )
    expect(contents).toMatchObject([
      hello,
      {},
      { parts: [{ functionResponse: { id: 'a' } }, { functionResponse: { id: 'b' } }, { text: 'Well?' }] },
    ])
  })

  test.each([
    ['image/jpg', 'image/jpeg'],
    ['text/csv', 'text/csv'],
    ['application/json', 'text/plain'],
    ['application/pdf', 'application/pdf'],
    ['audio/mp3', 'audio/mp3'],
    ['video/mp4', 'video/mp4'],
  ])('a file of the type %s goes out as %s', async (type, mimeType) => {
    const content = [{ type: 'file' as const, url: `data:${type};base64,SGk=` }]
    expect(await contentsOfTurns({ role: 'user', content })).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }, { inlineData: { mimeType, data: 'SGk=' } }] },
    ])
  })

  test('is unsupported when it is a file of another type, and nothing is sent', async () => {
    const { resultOf, sent } = answered({ body: answer([]) }, acme)
    const content = [{ type: 'file' as const, url: 'data:application/zip;base64,UEsDBA==' }]
    await expect(resultOf({ ...request, messages: [{ role: 'user', content }] })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('files of type application/zip are not taken') as string,
    })
    expect(sent).toEqual([])
  })
})
