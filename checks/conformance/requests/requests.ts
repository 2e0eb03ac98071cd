import { ChatError, collect, type Provider } from '@rivulet/core'
import { anthropic, deepseek, google, groq, mistral, ollama, openai, openrouter, xai } from 'rivulet'
import { type Description, descriptions } from '../described.ts'
import { type Verdict, verdict } from '../verdict.ts'
import { type Listener, listener } from './listener.ts'
import { type Ask, topics } from './topics.ts'

interface Subject {
  /** The source of the description. */
  by: string
  /** Its name in `wire.ts`. */
  type: string
  /** Fields that its client fills in, and that its types therefore require. */
  filledIn?: readonly string[]
  /** The name of its embedding request in `wire.ts`. */
  vectors?: string
  create: (options: { baseUrl: string; apiKey: string }) => Provider
}

const subjects: readonly Subject[] = [
  { by: 'openai', type: 'OpenaiChat', vectors: 'OpenaiVectors', create: openai },
  {
    by: 'openai, responses',
    type: 'OpenaiResponses',
    create: (options) => openai({ ...options, api: 'responses', reasoningSummary: 'auto' }),
  },
  { by: '@anthropic-ai/sdk', type: 'Anthropic', create: anthropic },
  { by: '@google/genai', type: 'Google', create: google },
  { by: 'ollama', type: 'Ollama', vectors: 'OllamaVectors', create: ({ baseUrl }) => ollama({ baseUrl }) },
  { by: 'groq-sdk', type: 'Groq', create: groq },
  {
    by: '@mistralai/mistralai',
    type: 'Mistral',
    vectors: 'MistralVectors',
    filledIn: ['stream', 'prefix', 'index'],
    create: mistral,
  },
  { by: '@openrouter/sdk', type: 'Openrouter', vectors: 'OpenrouterVectors', filledIn: ['stream'], create: openrouter },
  { by: 'openai, and what DeepSeek adds', type: 'Deepseek', create: deepseek },
  { by: 'openai, for xAI', type: 'Xai', create: xai },
]

/**
 * Validates what our providers send over a socket against the vendors' descriptions: every topic, for every model of the
 * catalog. Fields that a provider does not honour are not sent.
 */
export async function* requests(): AsyncGenerator<Verdict> {
  const described = descriptions(new URL('wire.ts', import.meta.url))
  await using open = await listener()
  for (const { by, type, filledIn, vectors, create } of subjects) {
    const provider = create({ baseUrl: open.url, apiKey: 'sk-test' })
    const description = described(type, filledIn)
    for (const [topic, asks] of Object.entries(topics)) {
      yield await verdict(by, topic, async () => {
        const bodies = await sentBy(
          open,
          asks.flatMap((ask) => chats(provider, ask)),
        )
        // Some providers take no files, and no images in results. Every provider takes all other topics.
        if (bodies.length === 0 && !['files', 'results with images'].includes(topic))
          throw new Error('nothing was sent')
        return validated(description, bodies)
      })
    }
    if (vectors === undefined) continue
    const embed = () => provider.embed?.({ model: 'any', input: ['a river', 'a sea'], dimensions: 8 })
    yield await verdict(by, 'vectors', async () => validated(described(vectors), await sentBy(open, [embed])))
  }
}

/** A chat for each model of the catalog, with the fields that its provider honours. */
function chats(provider: Provider, ask: Ask): (() => Promise<unknown>)[] {
  const known = new Set<string>(provider.info.settings.map(({ name }) => name))
  const honoured = Object.fromEntries(Object.entries(ask).filter(([name]) => known.has(name)))
  return provider.info.models.map(({ id: model }) => async () => {
    await collect(provider.stream({ messages: ask.messages, ...honoured, model }))
  })
}

/** The bodies that came over the socket. The listener refuses every call, so how a call ends does not matter. */
async function sentBy({ sent }: Listener, calls: readonly (() => Promise<unknown> | undefined)[]): Promise<unknown[]> {
  sent.length = 0
  for (const call of calls) {
    try {
      await call()
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
    }
  }
  return sent.map(({ body }) => body)
}

function validated(description: Description, bodies: readonly unknown[]): string {
  const fields = new Set(bodies.flatMap((body) => Object.keys(body ?? {})))
  const wrong = new Set<string>()
  for (const body of bodies) {
    checkStrict(description, body)
    const complaint = description(body)
    if (complaint !== undefined) wrong.add(`${complaint}: ${JSON.stringify(body).slice(0, 400)}`)
  }
  if (wrong.size > 0) throw new Error([...wrong].slice(0, 3).join(' | '))
  if (bodies.length === 0) return 'takes none'
  return `${bodies.length} sent: ${[...fields].filter((name) => name !== 'model').join(', ')}`
}

/** A description that accepts anything proves nothing: it must refuse an unknown field, at the top and in a message. */
function checkStrict(description: Description, body: unknown): void {
  // A request is an object with a list of turns, by one name or another.
  const wire = body as Record<string, unknown>
  const list = ['messages', 'input', 'contents'].find((name) => Array.isArray(wire[name])) ?? ''
  const [first, ...rest] = wire[list] as unknown[]
  const unknownField = [
    { ...wire, unknownField: 1 },
    { ...wire, [list]: 7 },
    { ...wire, [list]: [typeof first === 'object' ? { ...first, unknownField: 1 } : { unknownField: 1 }, ...rest] },
  ]
  if (unknownField.some((wrong) => description(wrong) === undefined))
    throw new Error('the description accepts unknown fields')
}
