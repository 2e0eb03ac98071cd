/** The path of a method of a model. The name is data: whatever it contains, it stays within its path segment. */
export const modelPath = (model: string, method: string): string =>
  `/v1beta/models/${encodeURIComponent(model.toWellFormed())}:${method}`
