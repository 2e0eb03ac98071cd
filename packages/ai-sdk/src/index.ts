export { asLanguageModel, type LanguageModelOptions } from './language-model.ts'
