/** One message of an answer as it goes on the wire. */
export interface Frame {
  /** The name of a server-sent event. */
  event?: string
  /** What it carries; `raw` is sent as it stands. */
  json?: unknown
  raw?: string
  /** A line by itself, without a field name. */
  bare?: true
  /** The part of the answer's text that it is the first to carry. */
  text?: string
}

/** An answer spelled in a dialect, before it is framed. */
export interface Script {
  frames: readonly Frame[]
  /** The frame after which everything that was meant has been said; absent when the answer fails. */
  wholeAt?: number
  /** The frame that is the dialect's end mark; absent where there is none. */
  markAt?: number
  /** From this frame on, it has been said that the answer has ended: a clean cut can't be told from its end. */
  endsFrom?: number
  /** The body is the text: there are no frames to be cut inside of. */
  isBare?: true
  /** A body of its own, in place of frames. */
  body?: { contentType: string; content: string }
}

/** Text that the first frames say. */
export const textUpTo = (frames: readonly Frame[], count: number): string =>
  frames.slice(0, count).reduce((text, frame) => text + (frame.text ?? ''), '')
