export { fromLanguageModel, type FromLanguageModelOptions } from './from-language-model.ts'
export { asLanguageModel, type LanguageModelOptions } from './language-model.ts'
