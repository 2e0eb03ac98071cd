/** The name of this dialect: of its fields in `extra`, its native parts and its raw frames. */
export const DIALECT = 'anthropic-messages'

/** The vendor's headers that travel with a request. */
export const HEADER_PREFIX = 'anthropic-'

/** A content block of a message. */
export type Block = Record<string, unknown> & { type: string }
