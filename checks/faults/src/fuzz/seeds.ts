import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../subjects.ts'

/** Longer fixtures are cut: the forms matter, not the length. */
const MAX_BYTES = 8 * 1024

/** Odd parts of a stream that no known endpoint sends, but one could. */
const ODDITIES = [
  '',
  '\u{feff}data: {}\n\n',
  'data\ndata:\n\n:\r\revent: error\rdata: {"error":{}}\r\n\r\n',
  '{"choices":[{"delta":{"content":null}}]}\n[]\nnull\n"x"\n1e999\n',
  'data: {"choices":[{"delta":{"tool_calls":[{"index":1e9,"function":{"arguments":{}}},null,[]]}}],"usage":{"prompt_tokens":"9"}}\n\n',
  'data: {"choices":[{"delta":{"content":"\\ud83c"}}]}\n\ndata: {"choices":[{"delta":{"content":"\\udf0a"}}]}\n\ndata: [DONE]\n\n',
  '<!doctype html><html><head><title>no</title></head></html>',
  `data: ${'['.repeat(2_000)}\n\n`,
  `{"a":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
]

/** The material of random streams: every fixture of the workspace, and the oddities. */
export function seeds(): Uint8Array[] {
  const files = globSync('packages/{provider,protocol}-*/test/fixtures/**/*.*', { cwd: ROOT }).sort()
  const bodies = files.map((file) => readFileSync(join(ROOT, file)).subarray(0, MAX_BYTES))
  return [...bodies, ...ODDITIES.map((text) => Buffer.from(text))]
}
