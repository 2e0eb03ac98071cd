import type { LanguageModelV4Source } from '@ai-sdk/provider'
import type { NativePart } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { metadataOf } from './metadata.ts'

type Value = NativePart['value']

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const fieldOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined)

/** Where a dialect says which pages an answer is from. (2026-11-28, by the vendors' pages of their web searches) */
const PAGES: Readonly<Record<string, (value: Value) => unknown[]>> = {
  'openai-chat': ({ annotations }) => listOf(annotations).map((each) => fieldOf(each, 'url_citation')),
  'openai-responses': (value) => (value.type === 'url_citation' ? [value] : []),
  'anthropic-messages': ({ type, content }) => (type === 'web_search_tool_result' ? listOf(content) : []),
  gemini: ({ groundingMetadata }) =>
    listOf(fieldOf(groundingMetadata, 'groundingChunks')).map((each) => fieldOf(each, 'web')),
}

/** The pages that a native part names, as sources for a reader: the part itself is what goes back. */
export function sourcesIn({ dialect, value }: NativePart): LanguageModelV4Source[] {
  const pages = Object.hasOwn(PAGES, dialect) ? (PAGES[dialect]?.(value) ?? []) : []
  return pages.flatMap((page): LanguageModelV4Source[] => {
    const url = fieldOf(page, 'url') ?? fieldOf(page, 'uri')
    const title = fieldOf(page, 'title')
    if (typeof url !== 'string') return []
    const named = typeof title === 'string' ? { title } : {}
    return [
      { type: 'source', sourceType: 'url', id: url, url, ...named, providerMetadata: metadataOf({ isView: true }) },
    ]
  })
}
