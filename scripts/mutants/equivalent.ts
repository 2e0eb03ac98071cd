/** A mutant that no test can kill, because the program does the same with it. */
export interface Equivalent {
  /** Path from the root. */
  file: string
  /** The changed lines after the mutation, in one line: the line with `+` in the output of `pnpm mutants`. */
  mutated: string
  /** Why the program does the same, in a sentence. */
  why: string
}

/** By file and by reason. */
const MUTATED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'packages/core/src/dialect/bounded-json.ts': {
    'A shortcut: a text that is too long is too long as JSON too.': [
      'if (false) return value',
      'if (typeof value === "" && value.length > maxCharacters) return value',
    ],
  },
  'packages/core/src/dialect/finish-reason.ts': {
    'For the type only: what is split has a first part.': [
      `const name = nameOf(received.split(':', 1)[0] ?? "Stryker was here!")`,
    ],
  },
  'packages/core/src/dialect/refusal-evidence.ts': {
    'A shortcut: no more values than that are visited in all.': ['for (const item of value) visit(item, depth - 1)'],
    'A shortcut: the messages are cut at the same length when they are returned.': [
      'if (true) messages += `${value.slice(0, MAX_MESSAGE_CHARACTERS)}\\n`',
      'if (messages.length <= MAX_MESSAGE_CHARACTERS) messages += `${value.slice(0, MAX_MESSAGE_CHARACTERS)}\\n`',
      'if (messages.length < MAX_MESSAGE_CHARACTERS) messages += `${value}\\n`',
    ],
  },
  'packages/core/src/framing/envelope.ts': {
    'A text is between two parts: one part is no envelope, as none is.': [
      '#literals: readonly Uint8Array[] = ["Stryker was here"]',
    ],
    'A shortcut: what was read to the end of the frame leaves no place for its last brace.': [
      'if (literalEnd > end || !matchesAt(buffer, at, literal)) return undefined',
      'for (; at <= end; at++) {',
      'while (at <= end && buffer[at] !== QUOTE) at += buffer[at] === BACKSLASH ? 2 : 1',
    ],
    'At the quote it ends at once, and a text with a byte that JSON forbids is not JSON.': [
      'if (true) at = closingQuote(buffer, at, end)',
    ],
    'A shortcut: a text without escapes is the same as JSON.': [
      'const text = false ? frame.text(from, to) : unescapeJson(frame.text(from - 1, to + 1))',
    ],
    'The other parts end with a quote.': [
      `this.#literals = literals.map((part, at) => bytesOf(true ? part.replace(/ *\\}$/, '') : part))`,
    ],
    'A shortcut: the loop that follows compares the same bytes.': [
      'if (length > SHORT_BYTES && "" in buffer) {',
      "if (length > SHORT_BYTES && 'compare' in buffer) {}",
      'if (false) {',
      "if (true && 'compare' in buffer) {",
      "if (length >= SHORT_BYTES && 'compare' in buffer) {",
      "if (length <= SHORT_BYTES && 'compare' in buffer) {",
    ],
    'For the type only: what begins with a quote is a string or no JSON.': ['return true ? text : undefined'],
  },
  'packages/core/src/framing/ndjson.ts': {
    'To append no bytes does nothing.': [
      'if (true) this.#line.append(chunk, at, chunk.length)',
      'if (at <= chunk.length) this.#line.append(chunk, at, chunk.length)',
    ],
    'An empty line is passed over.': [
      'if (true) this.#deliver(this.#line.bytes, 0, this.#line.length)',
      'if (this.#line.length >= 0) this.#deliver(this.#line.bytes, 0, this.#line.length)',
      'const end = true && bytes[to - 1] === CR ? to - 1 : to',
      'const end = to >= from && bytes[to - 1] === CR ? to - 1 : to',
    ],
  },
  'packages/core/src/framing/sse.ts': {
    'A shortcut: a name that is not recognized as the one before is decoded again, and is the same.': [
      'if (true) this.#readName(bytes, start, end)',
      '#isSameName(bytes: Uint8Array, start: number, end: number): boolean {}',
      'if (true) return false',
      'if (line.length !== end + start) return false',
      'for (let at = 0; at <= line.length; at++) if (line.charCodeAt(at) !== bytes[start + at]) return false',
      'for (let at = 0; at < line.length; at--) if (line.charCodeAt(at) !== bytes[start + at]) return false',
      'for (let at = 0; at < line.length; at++) if (true) return false',
      'for (let at = 0; at < line.length; at++) if (line.charCodeAt(at) === bytes[start + at]) return false',
      'for (let at = 0; at < line.length; at++) if (line.charCodeAt(at) !== bytes[start - at]) return false',
      'return false',
    ],
    'Before the first event, the range to copy is empty.': ['#isInPlace = true'],
    'Only lines that begin with e are compared with it.': ['#nameLine = "Stryker was here!"'],
    'An LF at the start is a blank line, which ends no event.': ['#afterCr = true'],
    'At the end of the chunk no end of a line is found.': ['while (at <= length) {'],
    'A shortcut: the search finds the same place.': ['let end = false ? at : chunk.indexOf(LF, at)'],
    'No byte is both a CR and an LF.': ['if (cr !== -1 && (end === -1 || cr <= end)) {'],
    'To append no bytes does nothing.': [
      'if (true) this.#line.append(chunk, at, length)',
      'if (at <= length) this.#line.append(chunk, at, length)',
    ],
  },
  'packages/core/src/layers/retry.ts': {
    'Only the names of this record are read, and its type allows no other value.': [
      'attempts: false,',
      'backoffMs: false,',
      'maxBackoffMs: false,',
      'totalMs: false,',
      'onBreak: false,',
      'retryWhen: false,',
      'onRetry: false,',
      'random: false,',
      'clock: false,',
    ],
  },
  'packages/core/src/reading/checked-batches.ts': {
    'For the type only: to keep no answer on an own reason changes nothing.': [
      'if (true && isOwnReason(reason)) keepPartial(reason, partial)',
    ],
  },
  'packages/protocol-anthropic/src/client/decode-answer.ts': {
    'It is set anew by each frame, before it is read.': ['#isStop = true'],
    'For the type only: the set has nothing but texts.': [
      "return true && STOP_REASONS.has(received) && isCalled === (received === 'tool_use')",
    ],
    'For the type only: a learnt envelope has its delta.': [
      'if (text === undefined || false) this.#readJson(frame.text().trim(), frame.event)',
    ],
    'A text in the place of a block is passed over.': [
      `const text = typeof content === 'string' ? [{ type: 'text', text: content }] : ["Stryker was here"]`,
    ],
  },
  'packages/protocol-google/src/client/decode-answer.ts': {
    'A text in the place of a part is passed over.': [
      'const parts: unknown[] = isRecord(content) && Array.isArray(content.parts) ? content.parts : ["Stryker was here"]',
    ],
    'Every frame sets it anew, and an answer without frames is malformed before it is read.': ['#isCut = true'],
  },
  'packages/protocol-openai/src/client/call-fragments.ts': {
    'In place of no arguments, any text is as plain as another.': [
      `isPlain: typeof index === 'number' && (isText || isRecord(call.function)) && typeof (input ?? "Stryker was here!") === 'string',`,
    ],
  },
  'packages/protocol-openai/src/client/decode-answer.ts': {
    'No tool is carried that has no name.': [
      'carried: readonly TextTool[] = ["Stryker was here"],',
      'return new ChatDecoder(emit, quirks, false ? undefined : new Set(carried.map(({ name }) => name)))',
    ],
    'It is set anew for each chunk with a choice, before it is read.': ['#hasContent = true'],
    'Every frame before the end mark sets it anew, and without one there is nothing to cut.': ['#isCut = true'],
    'Reasons of one rank are the same reason.': [
      'if (!this.#reasonIsLast || rank(reason) >= rank(this.#reason)) this.#reason = reason',
    ],
    'What is not in the list ranks below the others, as the first does.': [
      `["", 'other', 'tool-calls', 'length', 'content-filter'].indexOf(reason ?? '')`,
    ],
    'For the type only: the reasons that are compared have come.': [
      `['stop', 'other', 'tool-calls', 'length', 'content-filter'].indexOf(reason ?? "Stryker was here!")`,
    ],
  },
  'packages/protocol-openai/src/client/pending-call.ts': {
    'For the type only: a number or a truth value is no object when it is parsed again.': [
      'if (false || !isRecord(jsonOrText(value))) {',
    ],
  },
  'packages/protocol-openai/src/client/said-text.ts': {
    'A hash with another sign is as good: both texts are hashed by it.': [
      'for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) - text.charCodeAt(at)) | 0',
    ],
  },
  'packages/protocol-openai/src/client/tool-calls.ts': {
    'It is set anew for each message, before it is read.': ['isMended = true'],
    'For the type only: undefined is the name of no tool.': [
      'const isCarried = true && this.#carried?.has(call.name) === true',
    ],
    'Only the names and the arguments of a repeated message are read.': ['const whole = fragmentsOf(message, "")'],
    'For the type only: no call has the id undefined.': ['const withId = false ? undefined : this.#byId?.get(id)'],
  },
  'packages/protocol-openai/src/responses/client/decode-answer.ts': {
    'It is set anew by each frame, before it is read.': ['#isMended = true'],
  },
  'packages/protocol-openai/src/responses/client/output-items.ts': {
    'A text in the place of an item, a part or a citation is passed over.': [
      'const items: unknown[] = Array.isArray(output) ? output : ["Stryker was here"]',
      'const partsIn = (content: unknown): unknown[] => (Array.isArray(content) ? content : ["Stryker was here"])',
      'const annotationsOf = (part: unknown): unknown[] => (isRecord(part) ? partsIn(part.annotations) : ["Stryker was here"])',
    ],
    'A part without a text says as little as no part.': [
      'return (Array.isArray(content) ? content : ["Stryker was here"]).map((part: unknown) =>',
    ],
  },
  'packages/provider-ollama/src/decode.ts': {
    'It is set when the answer begins, before it is read.': ['#began = "Stryker was here!"'],
    'For the type only: what was learnt is a piece of text.': [
      'if (this.#envelope.learn(json, line)) this.#field = pieceOfText(line).field',
    ],
  },
  'packages/router/src/breaker/breaker-state.ts': {
    'For the type only: no state is closed.': ["if (false || phaseOf(state, now) !== 'half-open') return undefined"],
    'A text has no time, so it is outside the window.': [
      'const state: BreakerState = { ...(before ?? { seen: ["Stryker was here"], trips: 0 }), code, message }',
    ],
    'For the type only: undefined is neither smaller nor larger than a number.': [
      'if (true && now < state.leasedUntil) return undefined',
      'if (true && retryAfterMs > 0) return Math.min(retryAfterMs, maxRetryAfterMs)',
    ],
  },
  'packages/router/src/stats/budget.ts': {
    'A shortcut: when the oldest slice is in the window, the filter that follows keeps them all.': [
      'if (false) return',
      'if (this.#slices[0] === undefined || false) return',
      'if (this.#slices[0] === undefined || now + this.#slices[0].since < this.#windowMs) return',
    ],
    'A text has no time, so it has expired when it is first looked at.': ['#slices: Slice[] = ["Stryker was here"]'],
  },
}

/** They do not count in the score. Only what cannot be noticed belongs here, not what is hard to test. */
export const EQUIVALENTS: readonly Equivalent[] = Object.entries(MUTATED).flatMap(([file, reasons]) =>
  Object.entries(reasons).flatMap(([why, all]) => all.map((mutated) => ({ file, mutated, why }))),
)
