import { textsBy } from './rivulet-texts.ts'

export const texts = textsBy('openai-compatible', 'gpt-4')
