import type { ChatRequest, NativeRequest } from '@rivulet/core'
import { type Dropped, type EncodedRequest, extraFields, isAuthor, isRecord, spliceJson } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { ResponsesOptions } from '../options.ts'
import { readProof } from '../proof.ts'

/** Strings that are seals. All are replaced in one pass: a stranger's body may have many. */
const SEALS = /"rvl1\.[\w-]+"/g

/** A request of this dialect as it came, but for the model, the form of the answer, and what seals hide. */
export function passThrough(
  request: ChatRequest,
  native: NativeRequest,
  options: ResponsesOptions,
  dropped: Dropped,
): EncodedRequest {
  const isStreamed = request.stream !== false
  const json = spliceJson(openSeals(request.model, native, options.origin, dropped), {
    model: request.model,
    // Absent means false: it is not added.
    stream: isStreamed || native.body.stream === undefined ? isStreamed || undefined : false,
    ...extraFields(request, DIALECT),
  })
  return { path: options.path ?? '/responses', body: undefined, json, headers: { ...native.headers } }
}

/** The text of the body with the endpoint's own seals opened, and without the reasoning of other models. */
function openSeals(
  model: string,
  { text, body }: NativeRequest,
  provider: string | undefined,
  dropped: Dropped,
): string {
  if (!/"encrypted_content"\s*:/.test(text) || !Array.isArray(body.input)) return text
  const input: unknown[] = body.input
  const own = new Map<string, string>()
  const kept = input.flatMap((item) => {
    if (!isRecord(item) || item.type !== 'reasoning' || typeof item.encrypted_content !== 'string') return [item]
    const { kind, value, origin } = readProof(item.encrypted_content)
    if (kind !== 'sealed' || (origin && (provider === undefined || !isAuthor(origin, provider, model)))) return []
    if (origin === undefined) return [item]
    own.set(JSON.stringify(item.encrypted_content), JSON.stringify(value))
    return [{ ...item, encrypted_content: value }]
  })
  if (kept.length === input.length)
    return own.size === 0 ? text : text.replaceAll(SEALS, (seal) => own.get(seal) ?? seal)
  dropped.add('reasoning of another model')
  return JSON.stringify({ ...body, input: kept })
}
