import { textsBy } from './rivulet-texts.ts'

export const texts = textsBy('anthropic', 'claude-opus-4-1')
