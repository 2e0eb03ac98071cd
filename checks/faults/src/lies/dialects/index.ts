import type { Dialect } from '../oddities.ts'
import { anthropic } from './anthropic.ts'
import { chat } from './chat.ts'
import { gemini } from './gemini.ts'
import { ollama } from './ollama.ts'
import { responses } from './responses.ts'
import { text } from './text.ts'

/** Every dialect that has a writer. */
export const DIALECTS: readonly Dialect[] = [chat, responses, anthropic, gemini, ollama, text]
