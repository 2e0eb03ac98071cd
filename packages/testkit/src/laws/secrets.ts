import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { askAndRead, bareProviderAt, providerAt } from '../ask.ts'
import { bytesOf } from '../bytes.ts'
import type { Exchange, Script } from '../exchange.ts'
import { openPart } from '../fixtures.ts'
import { answering, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'

/** The spellings that would give a secret away: as it is, percent-encoded by either rule, in JSON, and its first half. */
function spellingsOf(secret: string): string[] {
  const inQuery = new URLSearchParams({ x: secret }).toString().slice(2)
  const inJson = JSON.stringify(secret).slice(1, -1)
  const half = secret.slice(0, Math.max(8, Math.ceil(secret.length / 2)))
  return [secret, encodeURIComponent(secret), encodeURI(secret), inQuery, inQuery.replaceAll('+', '%20'), inJson, half]
}

// In an object, because a value without JSON of its own, such as a function, has some there.
const asJson = (value: unknown): string => JSON.stringify({ value })

/** Every text in which a program may show a value, by how it is shown. */
function showings(value: unknown): Record<string, string> {
  const seen: Record<string, string> = { inspect: inspect(value, { depth: 10, showHidden: true, getters: true }) }
  seen.JSON = asJson(value)
  for (let error = value, depth = 0; error instanceof Error && depth < 10; error = error.cause, depth++) {
    seen[`message of cause ${depth}`] = error.message
    seen[`stack of cause ${depth}`] = error.stack ?? ''
    seen[`JSON of cause ${depth}`] = asJson(error)
    seen[`string of cause ${depth}`] = String(error)
  }
  return seen
}

/** How a value shows a secret, if it does. Never the secret itself: a failed assertion is printed. */
function leakOf(value: unknown, secrets: readonly string[]): string | undefined {
  const spellings = secrets.flatMap(spellingsOf)
  return Object.entries(showings(value)).find(([, text]) => spellings.some((spelling) => text.includes(spelling)))?.[0]
}

/** Answers that repeat what was sent, as servers do. */
function echoes(secret: string): Record<string, (exchange: Exchange) => Parameters<typeof answering>[0]> {
  const json = (status: number, message: string) => ({
    status,
    contentType: 'application/json',
    body: bytesOf(JSON.stringify({ error: { message } })),
  })
  const page = (start: string) => ({ contentType: 'text/html', body: bytesOf(`<html>${start}</html>`) })
  return {
    'a 401 that repeats the key': () => json(401, `Incorrect API key provided: ${secret}.`),
    'a 403 in plain text': () => ({ status: 403, contentType: 'text/plain', body: bytesOf(`no entry for ${secret}`) }),
    'a 404 that repeats the target': ({ request }) => json(404, `Cannot POST ${request.target}`),
    'a 400 that repeats the request': ({ request }) => json(400, JSON.stringify(request.headers)),
    'a 500 whose message is cut inside the key': () =>
      json(500, `${'x'.repeat(1000 - Math.ceil(secret.length * 0.8))}${secret}`),
    'a redirect': ({ request }) => ({
      status: 302,
      contentType: '',
      body: bytesOf(''),
      headers: { location: `/login?next=${request.target}` },
    }),
    'a page that repeats the key': () => page(`<body>${secret}</body>`),
    'a page whose beginning is cut inside the key': () =>
      page('x'.repeat(194 - Math.ceil(secret.length * 0.8)) + secret),
    'an error document in a success': () => ({ ...json(200, `The key ${secret} is not known`) }),
  }
}

/** Connections that break, some after repeating the request. */
function breaks(context: LawContext): Record<string, Script> {
  const { text } = context.subject.answers
  return {
    'a reset before the response head': (exchange) => exchange.reset(),
    'a reset in the middle': writing([headOf(text, 'chunked'), pieceOf(openPart(text), 'chunked')], 'reset'),
    'an echo of the request instead of HTTP': async (exchange) => {
      await exchange.write(exchange.request.bytes)
      exchange.fin()
    },
    'an echo of the request in place of a chunk': async (exchange) => {
      await exchange.write(headOf(text, 'chunked'))
      await exchange.write(exchange.request.bytes)
      exchange.fin()
    },
  }
}

export const secretLaws: readonly Law[] = [
  {
    name: 'a secret appears in no error: not in its message, stack or cause, nor when it is inspected or serialized',
    rows: [9],
    exempts: ({ secrets = [] }) => (secrets.length === 0 ? 'it has no credential' : undefined),
    async run(context) {
      const { secrets = [] } = context.subject
      const leaks: string[] = []
      let count = 0
      const look = (what: string, value: unknown): void => {
        const how = leakOf(value, secrets)
        if (how !== undefined) leaks.push(`${what} (${how})`)
        count++
      }
      const fail = async (what: string, script: Script): Promise<void> => {
        const { failure } = await askAndRead(context, what, script)
        // Whether it must be an error, other laws say.
        if (failure !== undefined) look(what, failure.error)
      }
      for (const secret of secrets) {
        for (const [what, echo] of Object.entries(echoes(secret))) {
          await fail(what, (exchange) => answering(echo(exchange), 'length')(exchange))
        }
      }
      for (const [what, script] of Object.entries(breaks(context))) await fail(what, script)
      look('the provider itself', providerAt(context, context.server.url))
      assert.deepEqual(leaks, [], `the secret appears in: ${leaks.join('; ')}`)
      return `${count} errors, none with the secret`
    },
  },
  {
    name: "a credential of the call takes the place of the provider's own, appears in no error, and goes to no other provider",
    rows: [],
    exempts: ({ secrets = [] }) => (secrets.length === 0 ? 'it has no credential' : undefined),
    async run(context) {
      const { secrets = [] } = context.subject
      const { id } = bareProviderAt(context, context.server.url)
      const [brought, others] = ['canary-of-the-call', 'canary-of-another-provider']
      for (const credential of [brought, { bearer: brought }]) {
        let sent = ''
        const { failure } = await askAndRead(
          context,
          'a 401 that repeats the key',
          async (exchange) => {
            sent = new TextDecoder().decode(exchange.request.bytes)
            await answering(
              {
                status: 401,
                contentType: 'application/json',
                body: bytesOf(JSON.stringify({ error: { message: `Incorrect API key provided: ${brought}.` } })),
              },
              'length',
            )(exchange)
          },
          { call: { credentials: { [id]: credential, [`not-${id}`]: others } } },
        )
        assert.ok(sent.includes(brought), 'the request has not the credential of the call')
        assert.ok(!secrets.some((secret) => sent.includes(secret)), "the request has the provider's own credential")
        assert.ok(!sent.includes(others), 'the request has a credential of another provider')
        if (typeof credential !== 'string') assert.match(sent, /^authorization: bearer canary-of-the-call\r$/im)
        assert.ok(failure !== undefined, 'a 401 is an answer')
        assert.equal(leakOf(failure.error, [brought, others]), undefined, 'the error shows a credential')
      }
      return 'a key and a token, each in the request alone'
    },
  },
]
