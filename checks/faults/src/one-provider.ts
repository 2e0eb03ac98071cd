/** Proves the table for one provider, in a process of its own, and sends each finding to the parent. */

import type { Order } from './apart.ts'
import { matrix } from './matrix.ts'
import { subjectOf } from './subjects.ts'

// Written by apart.ts.
const { id, ...options } = JSON.parse(process.argv[2] ?? '') as Order
// The parent was ended.
process.on('disconnect', () => process.exit(1))
for await (const finding of matrix([{ id, subject: await subjectOf(id) }], options)) process.send?.(finding)
process.removeAllListeners('disconnect')
process.disconnect()
