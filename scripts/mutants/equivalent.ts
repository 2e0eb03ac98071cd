/** A mutant that no test can kill, because the program does the same with it. */
export interface Equivalent {
  /** Path from the root. */
  file: string
  /** The changed lines after the mutation, in one line: the line with `+` in the output of `pnpm mutants`. */
  mutated: string
  /** Why the program does the same, in a sentence. */
  why: string
}

const RETRY_OPTIONS = ['attempts', 'backoffMs', 'maxBackoffMs', 'totalMs', 'retryWhen', 'onRetry', 'random', 'clock']

const BUDGET_SHORTCUT = [
  'if (false) return',
  'if (this.#slices[0] === undefined || false) return',
  'if (this.#slices[0] === undefined || now + this.#slices[0].since < this.#windowMs) return',
]

/** The name of an event is compared with the one before, so that it is decoded once. */
const SAME_NAME_SHORTCUT = [
  'if (true) this.#readName(bytes, start, end)',
  '#isSameName(bytes: Uint8Array, start: number, end: number): boolean {}',
  'if (true) return false',
  'if (false || length !== end - start) return false',
  'if (length !== 0 || length !== end - start) return false',
  'if (length === 0 || length !== end + start) return false',
  'for (let at = 0; at <= length; at++) if (last[at] !== bytes[start + at]) return false',
  'for (let at = 0; at < length; at++) if (true) return false',
  'for (let at = 0; at < length; at++) if (last[at] === bytes[start + at]) return false',
  'for (let at = 0; at < length; at++) if (last[at] !== bytes[start - at]) return false',
  'return false',
  'if (false) this.#nameLine.append(bytes, start, end)',
  'if (end - start < 256) this.#nameLine.append(bytes, start, end)',
  'if (end + start <= 256) this.#nameLine.append(bytes, start, end)',
  'if (end - start <= 256) ;',
]

/** They do not count in the score. Only what cannot be noticed belongs here, not what is hard to test. */
export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'packages/core/src/dialect/bounded-json.ts',
    mutated: 'if (false) return value',
    why: 'A shortcut: a text that is too long is too long as JSON too.',
  },
  {
    file: 'packages/core/src/dialect/bounded-json.ts',
    mutated: 'if (typeof value === "" && value.length > maxCharacters) return value',
    why: 'A shortcut: a text that is too long is too long as JSON too.',
  },
  {
    file: 'packages/protocol-openai/src/client/said-text.ts',
    mutated: 'for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) - text.charCodeAt(at)) | 0',
    why: 'A hash with another sign is as good: both texts are hashed by it.',
  },
  ...RETRY_OPTIONS.map((option) => ({
    file: 'packages/core/src/layers/retry.ts',
    mutated: `${option}: false,`,
    why: 'Only the names of this record are read, and its type allows no other value.',
  })),
  ...BUDGET_SHORTCUT.map((mutated) => ({
    file: 'packages/router/src/stats/budget.ts',
    mutated,
    why: 'A shortcut: when the oldest slice is in the window, the filter that follows keeps them all.',
  })),
  ...SAME_NAME_SHORTCUT.map((mutated) => ({
    file: 'packages/core/src/framing/sse.ts',
    mutated,
    why: 'A shortcut: a name that is not recognized as the one before is decoded again, and is the same.',
  })),
  {
    file: 'packages/protocol-anthropic/src/client/decode-answer.ts',
    mutated: 'if (text === undefined || false) this.#readJson(frame.text().trim(), frame.event)',
    why: 'For the type only: a learnt envelope has its delta.',
  },
  {
    file: 'packages/protocol-anthropic/src/client/decode-answer.ts',
    mutated: `const text = typeof content === 'string' ? [{ type: 'text', text: content }] : ["Stryker was here"]`,
    why: 'A text in the place of a block is passed over.',
  },
  {
    file: 'packages/protocol-google/src/client/decode-answer.ts',
    mutated:
      'const parts: unknown[] = isRecord(content) && Array.isArray(content.parts) ? content.parts : ["Stryker was here"]',
    why: 'A text in the place of a part is passed over.',
  },
  {
    file: 'packages/protocol-google/src/client/decode-answer.ts',
    mutated: '#isCut = true',
    why: 'Every frame sets it anew, and an answer without frames is malformed before it is read.',
  },
  {
    file: 'packages/provider-ollama/src/decode.ts',
    mutated: '#began = "Stryker was here!"',
    why: 'It is set when the answer begins, before it is read.',
  },
  {
    file: 'packages/provider-ollama/src/decode.ts',
    mutated: 'if (this.#envelope.learn(json, line)) this.#field = pieceOfText(line).field',
    why: 'For the type only: what was learnt is a piece of text.',
  },
  {
    file: 'packages/router/src/breaker/breaker-state.ts',
    mutated: "if (false || phaseOf(state, now) !== 'half-open') return undefined",
    why: 'For the type only: no state is closed.',
  },
  ...[
    'if (true && now < state.leasedUntil) return undefined',
    'if (true && retryAfterMs > 0) return Math.min(retryAfterMs, maxRetryAfterMs)',
  ].map((mutated) => ({
    file: 'packages/router/src/breaker/breaker-state.ts',
    mutated,
    why: 'For the type only: undefined is neither smaller nor larger than a number.',
  })),
]
