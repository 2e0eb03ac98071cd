import {
  anything,
  between,
  type Check,
  type Fields,
  flag,
  listOf,
  objectOf,
  oneOf,
  positive,
  record,
  text,
  integer,
} from '../../fields.ts'
import { fieldError, isRecord } from '../../check.ts'

/**
 * The documented fields of `models/{model}:generateContent` and of the embedding methods.
 *
 * @see https://ai.google.dev/api/generate-content (2026-11-20)
 * @see https://ai.google.dev/api/embeddings (2026-11-20)
 */

/** The result of a function may have media of these types, and no other parts. */
const resultPart = objectOf(
  {
    inlineData: objectOf(
      {
        mimeType: oneOf('image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'text/plain'),
        data: text,
        displayName: text,
      },
      ['mimeType', 'data'],
    ),
  },
  ['inlineData'],
)

/** A part has exactly one of these fields, and any of `partMetadata`. */
const data: Fields = {
  text,
  inlineData: objectOf({ mimeType: text, data: text, displayName: text }, ['mimeType', 'data']),
  fileData: objectOf({ mimeType: text, fileUri: text, displayName: text }, ['fileUri']),
  functionCall: objectOf({ id: text, name: text, args: record }, ['name']),
  functionResponse: objectOf(
    { id: text, name: text, response: record, parts: listOf(resultPart), willContinue: flag, scheduling: text },
    ['name', 'response'],
  ),
  executableCode: objectOf({ id: text, language: text, code: text }, ['language', 'code']),
  codeExecutionResult: objectOf({ id: text, outcome: text, output: text }, ['outcome']),
  toolCall: objectOf({ id: text, toolType: text, args: record }, ['toolType']),
  toolResponse: objectOf({ id: text, toolType: text, response: record }, ['toolType']),
}
const partMetadata: Fields = {
  thought: flag,
  thoughtSignature: text,
  partMetadata: record,
  videoMetadata: record,
  mediaResolution: anything,
}
const fieldsOfPart = objectOf({ ...data, ...partMetadata })
const part: Check = (value, where, rules) => {
  fieldsOfPart(value, where, rules)
  const held = isRecord(value) ? Object.keys(value).filter((name) => Object.hasOwn(data, name)) : []
  if (held.length === 1) return
  const problem =
    held.length === 0 ? 'must have one initialized field' : `holds ${held.join(' and ')}; only one is allowed`
  throw fieldError(`${where}.data`, 'wrong_value', `required oneof field 'data' ${problem}`)
}

const parts = listOf(part, { min: 1 })
const instruction = objectOf({ role: text, parts }, ['parts'])
const content = objectOf({ role: oneOf('user', 'model', 'function'), parts }, ['parts'])

const declaration = objectOf(
  {
    name: text,
    description: text,
    parameters: record,
    parametersJsonSchema: anything,
    response: record,
    responseJsonSchema: anything,
    behavior: text,
  },
  ['name'],
)

const tool = objectOf({
  functionDeclarations: listOf(declaration),
  googleSearch: record,
  googleSearchRetrieval: record,
  googleMaps: record,
  codeExecution: record,
  urlContext: record,
  fileSearch: record,
  computerUse: record,
  mcpServers: listOf(record),
})

const config = objectOf({
  stopSequences: listOf(text, { max: 5 }),
  responseMimeType: oneOf('text/plain', 'application/json', 'text/x.enum'),
  responseSchema: record,
  responseJsonSchema: anything,
  responseModalities: listOf(text),
  candidateCount: between(1, 1, integer),
  maxOutputTokens: positive,
  temperature: between(0, 2),
  topP: between(0, 1),
  topK: positive,
  seed: integer,
  presencePenalty: between(-2, 2),
  frequencyPenalty: between(-2, 2),
  responseLogprobs: flag,
  logprobs: between(0, 20, integer),
  enableEnhancedCivicAnswers: flag,
  speechConfig: record,
  imageConfig: record,
  mediaResolution: text,
  thinkingConfig: objectOf({
    includeThoughts: flag,
    thinkingBudget: integer,
    thinkingLevel: oneOf(
      ...['minimal', 'low', 'medium', 'high', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'THINKING_LEVEL_UNSPECIFIED'],
    ),
  }),
})

export const chatFields: Fields = {
  contents: listOf(content, { min: 1 }),
  systemInstruction: instruction,
  tools: listOf(tool),
  toolConfig: objectOf({
    functionCallingConfig: objectOf({
      mode: oneOf('AUTO', 'ANY', 'NONE', 'VALIDATED', 'MODE_UNSPECIFIED'),
      allowedFunctionNames: listOf(text),
    }),
    retrievalConfig: record,
    includeServerSideToolInvocations: flag,
  }),
  safetySettings: listOf(objectOf({ category: text, threshold: text, method: text }, ['category', 'threshold'])),
  generationConfig: config,
  cachedContent: text,
  serviceTier: text,
  store: flag,
  model: text,
}

export const embedFields: Fields = {
  model: text,
  content: instruction,
  taskType: text,
  title: text,
  outputDimensionality: between(1, 3072, integer),
  embedContentConfig: record,
}

export const batchFields: Fields = {
  requests: listOf(objectOf(embedFields, ['model', 'content']), { min: 1, max: 100 }),
}
