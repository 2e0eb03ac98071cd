/** The name of chat completions: of its fields in `extra`, its native parts and its raw frames. */
export const DIALECT = 'openai-chat'
