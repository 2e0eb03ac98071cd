/** The API has a format for JSON of a schema only: any JSON is requested in words, as the last system block. */
export const JSON_INSTRUCTION = 'Answer with JSON only: no words around it, no code fence.'
