import assert from 'node:assert/strict'
import type { Client } from './asks.ts'
import type { Judge } from './judge.ts'

/** What the gateway sent in answer to some requests, each value validated as it comes. */
export class Sent {
  readonly #counts = new Map<string, number>()
  readonly #judge: (type: string) => Judge
  readonly #extra: Set<string>

  /** @param extra Gets the fields that no type names. */
  constructor(judge: (type: string) => Judge, extra: Set<string>) {
    this.#judge = judge
    this.#extra = extra
  }

  /** @throws Error for a value that breaks its type. */
  take(type: string, value: unknown): void {
    const { wrong, extra } = this.#judge(type)(value)
    if (wrong.length > 0) throw new Error(`${type}: ${wrong.join('; ')}: ${JSON.stringify(value).slice(0, 600)}`)
    for (const path of extra) this.#extra.add(type + path)
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1)
  }

  /** Takes an answer to a client: a refusal, a document, or the frames of a stream. */
  async takeAnswer(client: Client, response: Response): Promise<void> {
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    if (!response.ok) this.take(client.error, JSON.parse(text))
    else if (type.startsWith('application/json')) this.take(client.document, JSON.parse(text))
    else for (const frame of framesOf(text)) this.take(client.frame, frame)
  }

  /** How many of which type. @throws Error where nothing came. */
  get seen(): string {
    assert.ok(this.#counts.size > 0, 'nothing was sent')
    return Array.from(this.#counts, ([type, count]) => `${count} ${type}`).join(', ')
  }
}

/** The frames of an event stream, as JSON. @throws Error for an event whose name is not its type. */
function framesOf(text: string): unknown[] {
  return text.split('\n\n').flatMap((block) => {
    const lines = block.split('\n')
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
    const [event, data] = [field('event'), field('data')]
    if (data === undefined || data === '[DONE]') return []
    // A frame is an object; those with a name have a type.
    const frame = JSON.parse(data) as { type?: unknown }
    if (event !== undefined) assert.equal(frame.type, event)
    return [frame]
  })
}
