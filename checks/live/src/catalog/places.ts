/** The place of a provider's catalog. */
export interface Place {
  /** The provider's id. */
  id: string
  /** From the workspace's root. */
  file: string
  /** Listed ids that are not chat models, where the endpoint does not say so itself. */
  notChat?: RegExp
}

const at = (id: string): Place => ({ id, file: `packages/provider-${id}/src/models.ts` })

/**
 * The catalogs that a live list is merged into. Two are left out: OpenRouter serves hundreds of models, of which the catalog names
 * only its own, and the models of an Ollama server depend on its owner.
 */
export const PLACES: readonly Place[] = [
  {
    ...at('openai'),
    // https://developers.openai.com/api/docs/models (2026-11-20)
    notChat:
      /^(?!gpt-|o\d|chatgpt-)|-(?:audio|realtime|transcribe|tts|image|search|instruct|diarize)\b|^gpt-(?:3|4|image|audio|realtime)/,
  },
  at('anthropic'),
  // https://ai.google.dev/gemini-api/docs/models (2026-11-20)
  { ...at('google'), notChat: /^(?!gemini-)|-(?:embedding|image|tts|live|audio|native-audio|computer-use|robotics)\b/ },
  // https://docs.mistral.ai/getting-started/models (2026-11-20)
  { ...at('mistral'), notChat: /embed|moderation|ocr|transcribe|voxtral/ },
  // https://docs.x.ai/developers/models (2026-11-20)
  { ...at('xai'), notChat: /imagine|image|video|voice/ },
  at('deepseek'),
  // https://console.groq.com/docs/models (2026-11-20)
  { ...at('groq'), notChat: /whisper|tts|guard|orpheus|prompt-guard/ },
]
