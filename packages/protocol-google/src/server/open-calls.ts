import type { ChatEvent, ToolCallPart } from '@rivulet/core'
import { JsonProgress } from '@rivulet/core/provider'

interface OpenCall {
  event: Extract<ChatEvent, { type: 'tool-call' }>
  pieces: string[]
  progress: JsonProgress
}

/** Whether an object has come: of any other arguments, only the end of the answer tells. */
const isWhole = ({ event, pieces, progress }: OpenCall): boolean =>
  event.format !== 'text' && progress.isWhole && pieces.join('').trimStart().startsWith('{')

/** Calls whose arguments are still coming: the dialect writes a call whole. */
export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>()

  begin(event: OpenCall['event']): void {
    this.#calls.set(event.id, { event, pieces: [], progress: new JsonProgress() })
  }

  add({ id, text }: Extract<ChatEvent, { type: 'tool-input' }>): void {
    const call = this.#calls.get(id)
    call?.pieces.push(text)
    call?.progress.add(text)
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
