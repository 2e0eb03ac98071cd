import type { LanguageModelV4Content, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { NativePart, Origin } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { metadataOf } from './metadata.ts'
import { fromJson } from './sdk-json.ts'
import { sourcesIn } from './sources.ts'

/** The dialect of an AI SDK model: its native parts are content of the AI SDK that the events have no word for. */
export const DIALECT = 'ai-sdk'

/** Content that a stream gives in one piece. */
type WholePart = Exclude<LanguageModelV4Content, { type: 'text' | 'reasoning' }>

/**
 * A native part as content of the AI SDK: a file that a model has made as a file, everything else as `custom` content that
 * carries it, with the pages that it names as sources. Either way its metadata has the part, so that it goes back to its endpoint as it came.
 */
export function contentOfNative(native: NativePart, origin: Origin | undefined): WholePart[] {
  // It was content when it was read from a model.
  if (native.dialect === DIALECT) return [fromJson(native.value) as WholePart]
  const providerMetadata = metadataOf({ origin, native })
  const { inlineData, thought } = native.value
  if (isRecord(inlineData) && typeof inlineData.mimeType === 'string' && typeof inlineData.data === 'string') {
    const data = { type: 'data', data: inlineData.data } as const
    const type = thought === true ? 'reasoning-file' : 'file'
    return [{ type, mediaType: inlineData.mimeType, data, providerMetadata }]
  }
  const approval = approvalOf(native.value, providerMetadata)
  if (approval !== undefined) return approval
  return [{ type: 'custom', kind: `${native.dialect}.${typeOf(native.value)}`, providerMetadata }, ...sourcesIn(native)]
}

/** A call of a remote tool that waits for its user's approval (Responses). */
function approvalOf(
  { type, id, name, arguments: input }: Readonly<Record<string, unknown>>,
  providerMetadata: SharedV4ProviderMetadata,
): WholePart[] | undefined {
  if (type !== 'mcp_approval_request' || typeof id !== 'string') return undefined
  const call = { toolCallId: id, toolName: `mcp.${String(name)}`, input: typeof input === 'string' ? input : '{}' }
  return [
    { type: 'tool-call', ...call, providerExecuted: true, dynamic: true, providerMetadata },
    { type: 'tool-approval-request', approvalId: id, toolCallId: id, providerMetadata: metadataOf({ isView: true }) },
  ]
}

/** The name that a dialect gives a part: its type, or its only key. */
const typeOf = (value: Readonly<Record<string, unknown>>): string =>
  typeof value.type === 'string' ? value.type : (Object.keys(value)[0] ?? 'part')
