import { ChildAbort } from '@rivulet/core/provider'
import type { Exchange } from '../exchange.ts'
import { BoundedBytes } from '../request/bounded-bytes.ts'

const encoder = new TextEncoder()

/** An exchange of a web server: a `Request` in, a `Response` out. */
export class WebExchange implements Exchange {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly #request: Request
  readonly #abort = new ChildAbort()
  readonly #response = Promise.withResolvers<Response>()
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #hasBegun = false
  /** Until the client reads on. */
  #taken: PromiseWithResolvers<void> | undefined

  constructor(request: Request) {
    const { pathname, searchParams, host } = new URL(request.url)
    this.#request = request
    this.method = request.method
    this.path = pathname
    this.query = Object.fromEntries(searchParams)
    // A request that was made in this process has no `host`.
    this.headers = { host, ...Object.fromEntries(request.headers) }
    this.#abort.onFollowed = this.#onLeft
    this.#abort.follow(request.signal)
  }

  get response(): Promise<Response> {
    return this.#response.promise
  }

  get left(): AbortSignal {
    return this.#abort.signal
  }

  async body(maxBytes: number): Promise<Uint8Array | undefined> {
    const bytes = new BoundedBytes(maxBytes)
    // A stream of the platform is an async iterable in every runtime but some browsers.
    const body: ReadableStream<Uint8Array> | null = this.#request.body
    const reader = body?.getReader()
    if (reader === undefined) return bytes.whole()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return bytes.whole()
        if (!bytes.add(value)) return undefined
      }
    } finally {
      // Whose stream it is may take its time: the answer does not wait for it.
      reader.cancel().catch(() => undefined)
    }
  }

  begin(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.#hasBegun || this.left.aborted) return
    this.#hasBegun = true
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          this.#taken?.resolve()
          this.#taken = undefined
        },
        cancel: () => {
          this.#controller = undefined
          this.#abort.abort(new DOMException('the client left', 'AbortError'))
          this.#taken?.resolve()
        },
      },
      // One piece: what was taken is known when it is, and not when more is asked for.
      { highWaterMark: 1 },
    )
    this.#response.resolve(new Response(this.method === 'HEAD' ? null : body, { status, headers: { ...headers } }))
  }

  write(text: string): Promise<void> | undefined {
    if (text === '' || this.#controller === undefined || this.left.aborted) return undefined
    const { promise } = (this.#taken ??= Promise.withResolvers())
    // A client that waits takes it at once, which ends what `#taken` was.
    this.#controller.enqueue(encoder.encode(text))
    return promise
  }

  async end(text: string): Promise<void> {
    await this.write(text)
    const controller = this.#controller
    this.#finish()
    if (!this.left.aborted) controller?.close()
  }

  drop(): void {
    const controller = this.#controller
    this.#finish()
    const broken = new TypeError('the answer broke off')
    if (!this.#hasBegun) this.#response.reject(broken)
    controller?.error(broken)
    this.#abort.abort(broken)
  }

  readonly #onLeft = (reason: unknown): void => {
    // The caller gets its own reason, as from any fetch(): from the call, or from the body that it reads.
    if (!this.#hasBegun) this.#response.reject(reason)
    this.#controller?.error(reason)
    this.#controller = undefined
    this.#taken?.resolve()
  }

  #finish(): void {
    this.#controller = undefined
    this.#abort.release()
    this.#taken?.resolve()
  }
}
