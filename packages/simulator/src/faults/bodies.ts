import { type FaultDefinition, fault } from '../fault.ts'
import { openReply, play } from '../scene.ts'

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
    summary: 'answers 200 with an HTML login page, whatever its content type says',
    breaks: true,
    options: { contentType: 'text/html; charset=utf-8', headers: null },
    act: ({ wire }, { contentType, headers }) => wire.send(200, { 'content-type': contentType, ...headers }, loginPage),
  }),
  'empty-200': fault({
    summary: 'answers 200 with no body at all',
    breaks: true,
    act: ({ wire, reply }) => wire.send(200, { 'content-type': reply.contentType }, ''),
  }),
  'no-content': fault({
    summary: 'answers 204, which has no body',
    breaks: true,
    async act({ wire }) {
      wire.head(204)
      await wire.end()
    },
  }),
  'empty-answer': fault({
    summary: 'answers 200 with the end mark and no content',
    breaks: true,
    async act(scene) {
      // Written anew: some dialects say the whole answer once more behind its pieces.
      const { calls: _calls, reasoning: _reasoning, ...rest } = scene.answer
      const { parts } = scene.replyTo({ ...rest, text: '', tokens: [] })
      openReply(scene)
      await play(
        scene,
        parts.filter(({ kind }) => kind !== 'content'),
      )
      await scene.wire.end()
    },
  }),
  garbage: fault({
    summary: 'answers 200 with random bytes under the right content type',
    breaks: true,
    act({ wire, reply, random }) {
      const bytes = Uint8Array.from({ length: 512 }, () => random.below(256))
      return wire.send(200, { 'content-type': reply.contentType }, bytes)
    },
  }),
  'garbage-text': fault({
    summary: 'answers 200 with words that are no answer, as text/plain: bare text cannot tell them from one',
    breaks: true,
    act: ({ wire }) => wire.send(200, { 'content-type': 'text/plain; charset=utf-8' }, 'upstream connect error\n'),
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
