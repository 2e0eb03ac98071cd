import { type FaultDefinition, fault } from '../fault.ts'
import { writeHead, writeParts } from '../pending-answer.ts'

const loginPage = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Sign in to continue</h1><p>Your session has ended.</p>
<form method="post" action="/login"><input name="email"><button>Next</button></form></body>
</html>
`

/** Faults of a body that is not an answer. */
export const bodies = {
  'html-200': fault({
    summary: 'answers 200 with an HTML login page under any content type',
    breaks: true,
    options: { contentType: 'text/html; charset=utf-8', headers: null },
    apply: ({ wire }, { contentType, headers }) =>
      wire.send(200, { 'content-type': contentType, ...headers }, loginPage),
  }),
  'empty-200': fault({
    summary: 'answers 200 with no body at all',
    breaks: true,
    apply: ({ wire, reply }) => wire.send(200, { 'content-type': reply.contentType }, ''),
  }),
  'no-content': fault({
    summary: 'answers 204, which has no body',
    breaks: true,
    async apply({ wire }) {
      wire.head(204)
      await wire.end()
    },
  }),
  'empty-answer': fault({
    summary: 'answers 200 with the end mark and no content',
    breaks: true,
    async apply(pending) {
      // Encode again: some dialects repeat the whole answer after its pieces.
      const { calls: _calls, reasoning: _reasoning, ...rest } = pending.answer
      const { parts } = pending.replyTo({ ...rest, text: '', tokens: [] })
      writeHead(pending)
      await writeParts(
        pending,
        parts.filter(({ kind }) => kind !== 'content'),
      )
      await pending.wire.end()
    },
  }),
  garbage: fault({
    summary: 'answers 200 with random bytes under the right content type',
    breaks: true,
    apply({ wire, reply, random }) {
      const bytes = Uint8Array.from({ length: 512 }, () => random.below(256))
      return wire.send(200, { 'content-type': reply.contentType }, bytes)
    },
  }),
  'garbage-text': fault({
    summary: 'answers 200 with text/plain that is not an answer; in plain text nothing tells it from one',
    breaks: true,
    apply: ({ wire }) => wire.send(200, { 'content-type': 'text/plain; charset=utf-8' }, 'upstream connect error\n'),
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
