import type { ChatQuirks } from '@rivulet/protocol-openai'

/** How an endpoint differs, with the date and the source. */
export interface KnownQuirks {
  /** The day on which it was verified, `YYYY-MM-DD`. */
  verified: string
  /** The page that says so. */
  source: string
  /** The value of the option `quirks`. */
  quirks: ChatQuirks
}

/**
 * Quirks of endpoints and servers without a package of their own, for the option `quirks`. They are never guessed from the
 * base URL.
 *
 * @example
 * openaiCompatible({ id: 'local', baseUrl: 'http://127.0.0.1:8000/v1', quirks: KNOWN_QUIRKS.vllm.quirks })
 */
export const KNOWN_QUIRKS = {
  /** A server that you run yourself. */
  vllm: {
    verified: '2026-11-28',
    source: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
    quirks: { includeUsage: true, files: 'none', topK: true, prefix: { as: 'continue_final_message' } },
  },
  /** A server that you run yourself. */
  llamaCpp: {
    verified: '2026-11-28',
    source: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
    quirks: {
      includeUsage: true,
      files: 'none',
      topK: true,
      // By default; a server may be started with --no-prefill-assistant.
      prefix: { as: 'unmarked' },
      errors: [
        { pattern: /exceed_context_size_error/, code: 'context-length' },
        // "Assistant response prefill is incompatible with enable_thinking."
        { pattern: /prefill is incompatible/, code: 'unsupported' },
      ],
    },
  },
  together: {
    verified: '2026-11-20',
    source: 'https://docs.together.ai/reference/chat-completions-1',
    quirks: { files: 'none', schemas: 'loose', topK: true },
  },
  fireworks: {
    verified: '2026-11-20',
    source: 'https://docs.fireworks.ai/api-reference/post-chatcompletions',
    quirks: { files: 'none', schemas: 'loose', topK: true },
  },
  cerebras: {
    verified: '2026-11-20',
    source: 'https://inference-docs.cerebras.ai/api-reference/chat-completions',
    quirks: { includeUsage: true, maxTokens: 'max_completion_tokens', files: 'none' },
  },
} as const satisfies Readonly<Record<string, KnownQuirks>>
