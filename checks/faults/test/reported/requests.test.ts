import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChatError, type ChatRequest, collect } from '@rivulet/core'
import { recordRequests } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { subjectOf } from '../../src/subjects.ts'
import { SUBJECTS } from './dialects.ts'

interface ReportedRequest {
  report: string
  dialect: string
  request: Pick<ChatRequest, 'messages' | 'tools'>
  mustFailWith?: { name?: string; code?: string }
}

/** A request body, as far as the reports speak of it. */
interface Body {
  messages: Turn[]
  contents: { parts: { functionCall?: unknown; functionResponse?: unknown }[] }[]
  tools?: {
    input_schema?: { type?: string }
    functionDeclarations?: { parameters?: unknown; parametersJsonSchema?: unknown }[]
  }[]
}

interface Turn {
  content: string | Block[]
  images?: string[]
  tool_calls?: { function: { arguments: unknown } }[]
}

interface Block {
  type: string
  text?: string
  input?: unknown
  source?: unknown
}

const blocksOf = ({ content }: Turn): Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content

const turn = ({ messages }: Body, at: number): Turn => {
  const found = messages.at(at)
  if (found === undefined) throw new Error(`no turn ${at}`)
  return found
}

function expectNoBlankText({ messages }: Body): void {
  for (const { type, text } of messages.flatMap(blocksOf)) if (type === 'text') expect(text).toMatch(/\S/)
}

const PIXEL = '/9j/4AAQSkZJRg=='

/** What must hold of the body that is sent, by report. `text` is the body as it goes out. */
const RIGHT: Readonly<Record<string, (body: Body, text: string) => void>> = {
  'home-assistant/core#175637 a turn of white space before a call'(body) {
    expectNoBlankText(body)
    expect(blocksOf(turn(body, 1)).map(({ type }) => type)).toContain('tool_use')
  },
  'tidyverse/ellmer#709 an empty turn'(body, text) {
    for (const { content } of body.messages) expect(content).not.toHaveLength(0)
    expectNoBlankText(body)
    expect(text).toContain('again')
  },
  'anthropics/claude-code#59812 an empty block of text, here beside an image'(body, text) {
    expectNoBlankText(body)
    expect(text).toContain('image')
  },
  'langchain-ai/langchain#35072 a last turn that ends in white space'(body) {
    expect(blocksOf(turn(body, -1)).at(-1)?.text).toBe('The answer is')
  },
  'NousResearch/hermes-agent#55432 image/jpg'(body) {
    expect(blocksOf(turn(body, 0))[0]?.source).toHaveProperty('media_type', 'image/jpeg')
  },
  'langchain-ai/langchain#37576 a table as text'(body) {
    expect(blocksOf(turn(body, 0))[0]?.source).toEqual({ type: 'text', media_type: 'text/plain', data: 'a,b' })
  },
  'another coding agent, #2054 an empty list of tools'(body) {
    expect(body).not.toHaveProperty('tools')
    expect(body).not.toHaveProperty('tool_choice')
  },
  'openai/openai-agents-python#2061 arguments that the model broke, handed over'(body) {
    const call = blocksOf(turn(body, 1)).find(({ type }) => type === 'tool_use')
    expect(call?.input).toBeTypeOf('object')
    expect(call?.input).not.toBeNull()
    expect(call?.input).not.toBeInstanceOf(Array)
  },
  'ogx-ai/ogx#6017 a tool whose parameters are {}'(body) {
    expect(body.tools?.[0]?.input_schema?.type).toBe('object')
  },
  'mastra-ai/mastra#15573 half a surrogate pair'(_body, text) {
    expect(text).not.toMatch(/\\ud[89a-f]/i)
    expect(text).toBe(text.replaceAll(/\p{Surrogate}/gu, ''))
    expect(text).toContain('🔑')
  },
  'kaitranntt/ccs#415 a thought whose signature is empty'(body) {
    expect(blocksOf(turn(body, 1)).map(({ type }) => type)).not.toContain('thinking')
  },
  'Xoshbin/asyar#513 arguments go to Ollama as an object'(body) {
    expect(turn(body, 1).tool_calls?.[0]?.function.arguments).toEqual({ x: 1 })
  },
  'agno-agi/agno#8999 no arguments go to Ollama as an object'(body) {
    expect(turn(body, 1).tool_calls?.[0]?.function.arguments).toEqual({})
  },
  'bug-ops/zeph#1568 more marks for the cache than are taken'(_body, text) {
    expect(text.split('"cache_control"')).toHaveLength(4 + 1)
  },
  'ahmadrosid/nakama#292 a JSON Schema goes to Gemini as one'(body) {
    const declaration = body.tools?.[0]?.functionDeclarations?.[0]
    expect(declaration).not.toHaveProperty('parameters')
    expect(declaration?.parametersJsonSchema).toHaveProperty('properties.n.exclusiveMinimum', 0)
  },
  'google-gemini/gemini-cli#4217 as many results in a turn as there were calls'({ contents }) {
    expect(contents[1]?.parts.filter(({ functionCall }) => functionCall)).toHaveLength(2)
    // The results come first, and the next question may follow in the same turn.
    const isResult = contents[2]?.parts.map(({ functionResponse }) => functionResponse !== undefined)
    expect(isResult?.slice(0, 2)).toEqual([true, true])
    expect(isResult?.slice(2)).not.toContain(true)
  },
  'ollama/ollama-js#68 an image goes to Ollama as base64 alone'(body) {
    expect(turn(body, 0).images).toEqual([PIXEL])
  },
  'suitenumerique/conversations#402 thoughts of another do not go to Mistral'(body) {
    expect(turn(body, 1).content).toBe('x')
    expect(turn(body, 1)).not.toHaveProperty('reasoning_content')
  },
  'another coding agent, #3315 thoughts do not go to an endpoint that has no field for them'(body) {
    expect(Object.keys(turn(body, 1)).sort()).toEqual(['content', 'role'])
  },
}

// JSON has no closed lists.
const requests = JSON.parse(readFileSync(join(import.meta.dirname, 'requests.json'), 'utf8')) as ReportedRequest[]

describe('reported requests', () => {
  for (const { report, dialect, request, mustFailWith } of requests) {
    test(`${dialect}: ${report}`, async () => {
      const { provider, request: own } = await subjectOf(SUBJECTS[dialect] ?? dialect)
      const recorder = recordRequests(() => Promise.reject(new Error('nothing listens here')))
      const send = async (): Promise<unknown> =>
        collect(provider({ transport: recorder.transport }).stream({ ...request, model: own.model })).then(
          () => undefined,
          (error: unknown) => error,
        )
      const failure = await send().catch((error: unknown) => error)
      if (mustFailWith !== undefined) {
        expect(failure).toMatchObject(mustFailWith)
        expect(recorder.sent).toHaveLength(0)
        return
      }
      const right = RIGHT[report]
      if (right === undefined) throw new Error(`Say what is right for "${report}".`)
      if (recorder.sent.length === 0) throw failure
      expect(failure).toBeInstanceOf(ChatError)
      // The body of any dialect: each condition reads what is its own.
      right(recorder.lastBody() as unknown as Body, recorder.sent.at(-1)?.body ?? '')
    })
  }
})
