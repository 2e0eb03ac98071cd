/** The name of the dialect: of its native parts and tools, of its fields in `extra`, of its frames. */
export const DIALECT = 'openai-responses'
