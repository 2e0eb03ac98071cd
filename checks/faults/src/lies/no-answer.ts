import { failingBy, type Slot, type Spelling } from './oddities.ts'
import type { Script } from './script.ts'

/** Deeper than the stack of a reader that recurses. */
const DEPTH = 20_000

/** Bodies of status 200 that are not answers, in any dialect. */
const BODIES: Readonly<Record<string, { contentType: string; content: string }>> = {
  'an-html-page': {
    contentType: 'text/html',
    content: '<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>',
  },
  'html-called-a-stream': { contentType: 'text/event-stream', content: '\n<html><body>502 Bad Gateway</body></html>' },
  'an-empty-body': { contentType: 'text/event-stream', content: '' },
  'blank-lines-alone': { contentType: 'text/event-stream', content: '\n\n\r\n' },
  'comments-alone': { contentType: 'text/event-stream', content: ': keepalive\n\n: keepalive\n\n' },
  'keepalives-as-data': { contentType: 'text/event-stream', content: 'data: : keepalive\n\ndata:\n\n' },
  'pings-alone': { contentType: 'text/event-stream', content: 'event: ping\ndata: {"type":"ping"}\n\n' },
  'the-end-mark-alone': { contentType: 'text/event-stream', content: 'data: [DONE]\n\n' },
  'an-empty-object': { contentType: 'application/json', content: '{}' },
  'an-empty-list': { contentType: 'application/json', content: '[]' },
  'null-alone': { contentType: 'application/json', content: 'null' },
  'json-of-another-kind': { contentType: 'application/json', content: '{"status":"success","data":{"id":7}}' },
  'an-empty-object-as-data': { contentType: 'text/event-stream', content: 'data: {}\n\ndata: [DONE]\n\n' },
  'words-alone': { contentType: 'text/plain', content: 'upstream connect error or disconnect/reset before headers' },
  'words-as-data': { contentType: 'text/event-stream', content: 'data: upstream connect error\n\ndata: [DONE]\n\n' },
  'an-error-document': { contentType: 'application/json', content: '{"error":{"message":"no","type":"server_error"}}' },
  'an-error-nested-deep': {
    contentType: 'application/json',
    content: `{"error":{"message":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}}`,
  },
  'a-detail-document': { contentType: 'application/json', content: '{"detail":"Not Found"}' },
  'a-code-and-message-document': { contentType: 'application/json', content: '{"code":500,"message":"busy"}' },
  xml: { contentType: 'application/xml', content: '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>' },
  'an-answer-of-no-choices': {
    contentType: 'application/json',
    content: '{"id":"x","object":"chat.completion","choices":[],"output":null,"candidates":[]}',
  },
}

/** Text by itself is an answer where the dialect is bare text. */
const OF_TEXT: ReadonlySet<string> = new Set([
  'an-html-page',
  'html-called-a-stream',
  'an-empty-body',
  'an-error-document',
])

export const noAnswerSlot = (isText: boolean): Slot => ({
  always: failingBy('no-answer'),
  kinds: Object.fromEntries(
    Object.keys(BODIES)
      .filter((kind) => !isText || OF_TEXT.has(kind))
      .map((kind) => [kind, () => true]),
  ),
})

/** The body of the kind that was drawn. */
export function noAnswer({ has }: Spelling, isText: boolean): Script {
  const kind = Object.keys(noAnswerSlot(isText).kinds).find(has)
  const body = kind === undefined ? undefined : BODIES[kind]
  if (body === undefined) throw new TypeError('An answer that is none is spelled by one of its kinds.')
  return { frames: [], body }
}
