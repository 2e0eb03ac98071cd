/** What names the item that an event belongs to: its index in the output, or else its id, which some servers change. */
export const itemKey = (index: unknown, id: unknown): string =>
  typeof index === 'number' ? `#${index}` : typeof id === 'string' ? id : ''

/** Whether a key is an index in the output. */
export const isIndexKey = (key: string): boolean => /^#-?[\d.]/.test(key)
