import { ChatError, type EmbedRequest, type EmbedResult } from '@rivulet/core'
import { FieldError, Fields, parseJson, unlessAborted } from '@rivulet/core/provider'
import { failureAnswer, publicFailure } from '../answer/final-failure.ts'
import { type Call, sendJson } from '../call.ts'
import { readBody } from '../request/read-body.ts'
import { Stated } from '../request/refused.ts'

/** How many texts one request may have; OpenAI takes as many. */
const MAX_INPUTS = 2_048

/** `POST /v1/embeddings` */
export async function answerEmbeddings(call: Call): Promise<void> {
  const { request, isBase64 } = await inDialect(call, async () => {
    const fields = await fieldsOf(call)
    const dimensions = fields.whole('dimensions', 1)
    return {
      request: { model: fields.name('model'), input: textsOf(fields), ...(dimensions !== undefined && { dimensions }) },
      isBase64: fields.oneOf('encoding_format', ['float', 'base64']) === 'base64',
    }
  })
  const { vectors, inputTokens = 0 } = await embedded(call, request)
  sendJson(call, {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: isBase64 ? base64Of(vector) : vector,
    })),
    model: request.model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  })
}

/** `POST …/models/{model}:embedContent` */
export async function answerEmbedContent(call: Call): Promise<void> {
  const request = await inDialect(call, async () => contentOf(await fieldsOf(call), call.params.model ?? ''))
  const { vectors, inputTokens } = await embedded(call, request)
  sendJson(call, { embedding: { values: vectors[0] ?? [] }, ...counted(inputTokens) })
}

/** `POST …/models/{model}:batchEmbedContents` */
export async function answerEmbedContents(call: Call): Promise<void> {
  const request = await inDialect(call, async () => {
    const fields = await fieldsOf(call)
    const requests = fields.objects('requests') ?? []
    if (requests.length === 0 || requests.length > MAX_INPUTS) {
      fields.refuse('requests', `must be a list of 1 to ${MAX_INPUTS} requests`)
    }
    const [first, ...others] = requests.map((each) => contentOf(each, call.params.model ?? ''))
    if (first === undefined) return fields.refuse('requests', 'is missing')
    return { ...first, input: [first, ...others].flatMap(({ input }) => input) }
  })
  const { vectors, inputTokens } = await embedded(call, request)
  sendJson(call, { embeddings: vectors.map((values) => ({ values })), ...counted(inputTokens) })
}

const counted = (tokens: number | undefined): object =>
  tokens === undefined ? {} : { usageMetadata: { promptTokenCount: tokens } }

/** One content is one text: its parts are joined. */
function contentOf(fields: Fields, model: string): EmbedRequest {
  const parts = fields.object('content')?.objects('parts') ?? []
  const text = parts.map((part) => part.text('text') ?? '').join('')
  if (text === '') fields.refuse('content', 'must have parts with text')
  const dimensions = fields.whole('outputDimensionality', 1)
  return { model, input: [text], ...(dimensions !== undefined && { dimensions }) }
}

function textsOf(fields: Fields): string[] {
  const input = fields.get('input')
  const texts: unknown[] = Array.isArray(input) ? input : [input]
  const areTexts = texts.every((text): text is string => typeof text === 'string' && text !== '')
  if (!areTexts || texts.length === 0 || texts.length > MAX_INPUTS) {
    return fields.refuse('input', `must be a text, or a list of 1 to ${MAX_INPUTS} texts: tokens are not taken`)
  }
  return texts
}

async function fieldsOf({ exchange, state }: Call): Promise<Fields> {
  const document = parseJson(await readBody(exchange, state.settings.maxBodyBytes))
  if (document === undefined) throw new FieldError('', 'is not JSON')
  return new Fields(document, '')
}

/** What a client has wrong is said in its dialect. */
async function inDialect<T>({ dialect }: Call, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw error instanceof TypeError ? new Stated(dialect.server.error(error)) : error
  }
}

async function embedded(call: Call, request: EmbedRequest): Promise<EmbedResult> {
  const { state, visitor, credentials, signal, dialect, watch } = call
  const { provider } = state
  const { model } = request
  try {
    if (!visitor.may(model)) throw new ChatError('not-found', `the key may not ask the model "${model.slice(0, 100)}"`)
    if (provider.embed === undefined) throw new ChatError('unsupported', 'there are no embeddings here')
    const embed = provider.embed.bind(provider)
    watch?.asked({ model, stream: false, hold: 'answer', key: visitor.id })
    const result = await inDialect(call, async () => unlessAborted(embed(request, { signal, credentials }), signal))
    const { inputTokens } = result
    if (inputTokens !== undefined) watch?.used({ inputTokens, outputTokens: 0, source: 'reported' })
    return result
  } catch (error) {
    if (error instanceof Stated) throw error
    const failure = publicFailure(error)
    if (failure instanceof ChatError) watch?.failed(failure.code, undefined)
    throw new Stated(failureAnswer(failure, dialect, dialect.server.error(failure), state.settings.client))
  }
}

/** As 32-bit floats, little-endian: what OpenAI's clients ask for and read. */
function base64Of(vector: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(4 * vector.length))
  for (const [index, value] of vector.entries()) bytes.setFloat32(4 * index, value, true)
  return btoa(Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join(''))
}
