import type { ToolCallPart } from '@rivulet/core'

/** A call as a message has it, and as the first of its chunks. */
export const callFields = ({ id, name, input, format }: Omit<ToolCallPart, 'type'>): Record<string, unknown> =>
  format === 'text'
    ? { id, type: 'custom', custom: { name, input } }
    : { id, type: 'function', function: { name, arguments: input } }
