import type { NativeRequest, Origin } from '@rivulet/core'
import { Dropped, isAuthor, isRecord, readSeal, spliceJson } from '@rivulet/core/provider'
import { NOT_SIGNED, type WirePart } from '../wire-part.ts'

/** A seal in the text of a body: in a string of JSON its own quotes would be escaped. */
const SEALED = /("thought(?:S|_s)ignature"\s*:\s*)"(rvl1\.[\w-]+)"/g

/**
 * A body that came in this dialect, as it goes to this author: its own seals are opened in the text. Where another model sealed
 * anything, its thoughts and signatures are taken out, and the body is written anew. Model and stream are in the path; some
 * clients name the model in the body, too.
 */
export function passOn(
  native: NativeRequest,
  author: Origin,
  extra: Readonly<Record<string, unknown>>,
): { json: string; dropped: readonly string[] } {
  const isOwn = (sealed: Origin): boolean => isAuthor(sealed, author.provider, author.model)
  const dropped = new Dropped()
  const foreign: Origin[] = []
  let json = native.text.replaceAll(SEALED, (whole, key: string, seal: string) => {
    const sealed = readSeal(seal)
    if (sealed === undefined) return whole
    if (isOwn(sealed)) return key + JSON.stringify(sealed.value)
    foreign.push(sealed)
    return whole
  })
  if (foreign.length > 0) json = withoutForeign(json, dropped)
  const fields = { ...(native.body.model !== undefined && { model: `models/${author.model}` }), ...extra }
  return { json: Object.keys(fields).length === 0 ? json : spliceJson(json, fields), dropped: dropped.names }
}

/** What is still sealed is another model's. A turn that is left empty goes, too. */
function withoutForeign(json: string, dropped: Dropped): string {
  const body = JSON.parse(json) as Record<string, unknown>
  const contents: unknown[] = Array.isArray(body.contents) ? body.contents : [body.contents]
  return JSON.stringify({
    ...body,
    contents: contents.flatMap((content) => {
      if (!isRecord(content) || !Array.isArray(content.parts)) return [content]
      const parts = withoutSeals(content.parts, dropped)
      return parts.length === 0 ? [] : [{ ...content, parts }]
    }),
  })
}

function withoutSeals(parts: readonly unknown[], dropped: Dropped): unknown[] {
  return parts.flatMap((part) => {
    if (!isRecord(part)) return [part]
    const { thoughtSignature, thought_signature: snake = thoughtSignature, ...unsigned } = part
    if (typeof snake !== 'string' || readSeal(snake) === undefined) return [part]
    if (part.thought === true) {
      dropped.add('reasoning of another model')
      return []
    }
    if (isCall(part)) return [{ ...unsigned, thoughtSignature: NOT_SIGNED }]
    return part.text === '' ? [] : [unsigned]
  })
}

const isCall = ({ functionCall, function_call: snake = functionCall }: WirePart): boolean => snake !== undefined
