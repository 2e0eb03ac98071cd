import type { LanguageModelV4, LanguageModelV4Content, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { asLanguageModel, fromLanguageModel } from '@rivulet/ai-sdk'
import { collect } from '@rivulet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answers, contents } from './support/arbitrary.ts'
import { partsOf, question } from './support/model-parts.ts'
import { saying } from './support/saying.ts'

/** A model that answers with these parts, or with this content in one piece. */
function modelOf(parts: readonly LanguageModelV4StreamPart[], content: LanguageModelV4Content[] = []): LanguageModelV4 {
  const finish = parts.findLast((part) => part.type === 'finish')
  return {
    specificationVersion: 'v4',
    provider: 'theirs',
    modelId: 'm',
    supportedUrls: {},
    doStream: async () => ({ stream: ReadableStream.from(parts) }),
    doGenerate: async () => {
      if (finish === undefined) throw new TypeError('no finish')
      return { content, warnings: [], finishReason: finish.finishReason, usage: finish.usage }
    },
  }
}

const request = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } as const

describe('events, as parts, and as events again', () => {
  it('are the same answer', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const there = asLanguageModel(saying([events]), 'm')
        const back = fromLanguageModel(there, { id: 'river' })
        expect(await collect(back.stream(request))).toEqual(await collect(saying([events]).stream(request)))
      }),
    )
  })

  it('are the same answer in one piece', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const back = fromLanguageModel(asLanguageModel(saying([events]), 'm'), { id: 'river' })
        const whole = await collect(back.stream({ ...request, stream: false }))
        expect(whole).toEqual(await collect(saying([events]).stream(request)))
      }),
    )
  })
})

/** Our own metadata, which says who has written a part, is left out: the model's own must come back. */
const plain = (parts: readonly object[]): unknown =>
  JSON.parse(
    JSON.stringify(parts, (key, value: unknown) => {
      if (key !== 'providerMetadata' || typeof value !== 'object' || value === null) return value
      const { rivulet: _, ...others } = value as Record<string, unknown>
      return Object.keys(others).length === 0 ? undefined : others
    }),
  )

describe('parts, as events, and as parts again', () => {
  it('are the same content, streamed and in one piece', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async ({ parts, content }) => {
        const model = modelOf(parts, content)
        const again = asLanguageModel(fromLanguageModel(model), 'm')
        expect(plain((await again.doGenerate(question)).content)).toEqual(plain(content))
        const streamed = await partsOf(again)
        expect(plain(wholeOf(streamed))).toEqual(plain(content))
      }),
    )
  })
})

/** The content that stream parts say. */
function wholeOf(parts: readonly LanguageModelV4StreamPart[]): object[] {
  const content: Record<string, unknown>[] = []
  const blocks = new Map<string, { text: string }>()
  for (const part of parts) {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start': {
        const block = { type: part.type.replace('-start', ''), text: '' }
        blocks.set(part.id, block)
        content.push(block)
        break
      }
      case 'text-delta':
      case 'reasoning-delta': {
        const block = blocks.get(part.id)
        if (block !== undefined) block.text += part.delta
        break
      }
      case 'text-end':
      case 'reasoning-end': {
        const { type: _type, id, ...ends } = part
        Object.assign(blocks.get(id) ?? {}, ends)
        break
      }
      case 'tool-call':
      case 'tool-result':
      case 'tool-approval-request':
      case 'custom':
      case 'file':
      case 'reasoning-file':
      case 'source':
        content.push({ ...part })
        break
      default:
        break
    }
  }
  return content
}
