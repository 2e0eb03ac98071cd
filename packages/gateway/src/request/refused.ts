import { ChatError } from '@rivulet/core'
import type { ErrorAnswer, ServerProtocol } from '@rivulet/core/provider'

/** A request that is not answered: what its client gets in the place of an answer. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  /** @param message For the client: says what is wrong, and what would be right. */
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** A refusal in the words of a dialect, for statuses that its errors have no code for. */
export function refusalIn(server: ServerProtocol, { status, message, headers }: Refused): ErrorAnswer {
  const code = status === 401 ? 'auth' : status === 404 ? 'not-found' : status === 429 ? 'rate-limited' : 'bad-request'
  const stated = server.error(new ChatError(status >= 500 ? 'overloaded' : code, message))
  return {
    status,
    headers: { ...stated.headers, ...headers },
    // Where a body repeats its status, clients read it there.
    body: stated.body.replace(`"code":${stated.status},`, `"code":${status},`),
  }
}

/** A request that is refused in words that its dialect has found. */
export class Stated extends Error {
  override readonly name = 'Stated'
  readonly answer: ErrorAnswer

  constructor(answer: ErrorAnswer) {
    super('refused')
    this.answer = answer
  }
}
