import { expect, test } from 'vitest'
import { count } from '../compare/count.ts'

test('imports, comments and blank lines are not counted; every call and constructor is', () => {
  const program = [
    "import OpenAI from 'openai'",
    'import {',
    '  z,',
    "} from 'zod'",
    '',
    '/** What it does. */',
    'const client = new OpenAI() // A client.',
    '',
    '// On its own line.',
    'console.log(',
    '  z.string().parse(`a',
    'b`),',
    ')',
  ]
  expect(count(program.join('\n'))).toEqual({ lines: 5, calls: 4 })
})
