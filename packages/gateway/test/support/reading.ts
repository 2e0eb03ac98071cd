/** A body that is read piece by piece. */
export class Reading {
  text = ''
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #decoder = new TextDecoder()

  constructor(response: Response) {
    const body: ReadableStream<Uint8Array> | null = response.body
    this.#reader = body?.getReader()
  }

  /** Reads until the text has this so many times; fails at the end of a body that has not. */
  async until(part: string, times = 1): Promise<this> {
    while (this.text.split(part).length <= times) {
      if (!(await this.#read())) throw new Error(`the body ended without "${part}": ${this.text}`)
    }
    return this
  }

  /** Reads to the end. */
  async end(): Promise<string> {
    while (await this.#read());
    return this.text
  }

  /** Closes the connection. */
  async leave(): Promise<void> {
    await this.#reader?.cancel()
  }

  async #read(): Promise<boolean> {
    const { done = true, value } = (await this.#reader?.read()) ?? {}
    this.text += this.#decoder.decode(value, { stream: !done })
    return !done
  }
}
