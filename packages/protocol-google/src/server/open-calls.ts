import type { ChatEvent, ToolCallPart } from '@rivulet/core'
import { JsonProgress } from '@rivulet/core/provider'

interface OpenCall {
  event: Extract<ChatEvent, { type: 'tool-call' }>
  pieces: string[]
  progress: JsonProgress
  /** The first sign of the arguments. */
  first: string | undefined
}

/** Whether an object has come: of any other arguments, only the end of the answer tells. */
const isWhole = ({ event, first, progress }: OpenCall): boolean =>
  event.format !== 'text' && first === '{' && progress.isWhole

/** Calls whose arguments are still coming: the dialect writes a call whole. */
export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>()

  begin(event: OpenCall['event']): void {
    this.#calls.set(event.id, { event, pieces: [], progress: new JsonProgress(), first: undefined })
  }

  add({ id, text }: Extract<ChatEvent, { type: 'tool-input' }>): void {
    const call = this.#calls.get(id)
    if (call === undefined) return
    call.pieces.push(text)
    call.progress.add(text)
    call.first ??= text.trimStart()[0]
  }

  /** Takes the first calls, up to one whose arguments have not come. */
  takeWhole(): ToolCallPart[] {
    const taken: ToolCallPart[] = []
    for (const call of this.#calls.values()) {
      if (!isWhole(call)) break
      taken.push(this.#take(call))
    }
    return taken
  }

  /** Takes every call: the answer has ended. */
  takeAll(): ToolCallPart[] {
    return [...this.#calls.values()].map((call) => this.#take(call))
  }

  clear(): void {
    this.#calls.clear()
  }

  #take({ event, pieces }: OpenCall): ToolCallPart {
    this.#calls.delete(event.id)
    return { ...event, input: pieces.join('') }
  }
}
