export { asEmbeddingModel, type EmbeddingModelOptions } from './embedding-model.ts'
export { fromEmbeddingModel } from './from-embedding-model.ts'
export { fromLanguageModel, type FromLanguageModelOptions } from './from-language-model.ts'
export { asLanguageModel, type LanguageModelOptions } from './language-model.ts'
