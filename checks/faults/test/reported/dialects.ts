/** The subject that reads or writes a dialect of the reports. A dialect that is not named here is a subject itself. */
export const SUBJECTS: Readonly<Record<string, string>> = { chat: 'openai-compatible', responses: 'openai-responses' }
