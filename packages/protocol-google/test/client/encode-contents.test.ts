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

  test('sends the signature of a text in its own part, as it came', async () => {
    const result = await resultOf(answer([{ text: 'Hallo' }, { text: '', thoughtSignature: 'EjQKMgEMOdbHxo8M' }]))
    const { contents } = await contentsOf([...request.messages, toMessage(result), { role: 'user', content: 'Go on.' }])
    expect(contents).toMatchObject([
      {},
      { parts: [{ text: 'Hallo' }, { text: '', thoughtSignature: 'EjQKMgEMOdbHxo8M' }] },
      {},
    ])
  })

  test.each(['{', '{"call":"0"}', 'plain'])(
    'sends a signature that is not of a call unchanged: %s',
    async (signature) => {
      const turn = { role: 'assistant' as const, content: 'Yes.', thoughts: [{ text: 'Hm.' }, { text: '', signature }] }
      const { contents } = await contentsOf([...request.messages, { ...turn, origin: 'acme' }])
      expect(contents).toMatchObject([{}, { parts: [{ text: 'Yes.' }, { text: '', thoughtSignature: signature }] }])
    },
  )

  test.each(['openai', undefined])('marks calls from another provider (%s) as unsigned', async (origin) => {
    const thoughts = [{ text: 'Hm.', signature: 'theirs' }]
    const toolCalls = [
      { type: 'tool-call', id: 'a', name: 'f', input: '{}' },
      { type: 'tool-call', id: 'b', name: 'g', input: '{"x":1}' },
    ]
    const { contents } = await contentsOf([
      ...request.messages,
      { role: 'assistant', content: '', toolCalls, ...(origin !== undefined && { origin, thoughts }) },
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
    const toolCalls = [{ type: 'tool-call', id: 'a', name: 'f', input: json }]
    const { contents } = await contentsOf([...request.messages, { role: 'assistant', content: '', toolCalls }])
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
    const thoughts = [{ text: 'Hm.', signature: '' }]
    expect(await contentsOfTurns({ role: 'assistant', content: '', thoughts, origin: 'acme' })).toEqual([hello])
    expect(await contentsOf([{ role: 'system', content: '' }, ...request.messages])).not.toHaveProperty(
      'systemInstruction',
    )
  })

  test('is put in order: the results of a turn come first in the next', async () => {
    const toolCalls = ['a', 'b'].map((id) => ({ type: 'tool-call', id, name: 'f', input: '{}' }))
    const contents = await contentsOfTurns(
      { role: 'assistant', content: '', toolCalls },
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
