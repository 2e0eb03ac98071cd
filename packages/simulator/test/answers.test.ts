import { describe, expect, test } from 'vitest'
import { answerTo } from '../src/answers.ts'

const answer = (...prompts: string[]) =>
  answerTo({ seed: 1, model: 'gpt-4', messages: prompts.map((content) => ({ role: 'user', content })), tools: true })
const text = (...prompts: string[]) => answer(...prompts).text

const prompts = [
  'hello',
  'who are you?',
  'why is the sky blue?',
  'list',
  'a table',
  'python code',
  'a long essay',
  'in Russian',
  'in Chinese',
  'in Japanese',
  'emoji',
  '',
  'thanks',
  'say a\n\n b\t👩‍🚀 é\r\n',
]

describe('an answer', () => {
  test.each(prompts)('is its tokens, joined: %j', (prompt) => {
    const { tokens, text: whole } = answer(prompt)
    expect(tokens.join('')).toBe(whole)
    expect(tokens.every((token) => token.length > 0 && token.isWellFormed())).toBe(true)
    expect(whole).not.toMatch(/undefined|\{\w+\}/)
  })

  test('is the same for the same seed, model and messages', () => {
    const ask = (seed: number, model = 'gpt-4') =>
      answerTo({ seed, model, messages: [{ role: 'user', content: 'a long essay' }], tools: true })
    expect(ask(1)).toEqual(ask(1))
    expect(ask(1).text).not.toBe(ask(2).text)
    expect(ask(1).text).not.toBe(ask(1, 'gpt-3.5-turbo').text)
  })

  test('echoes words unchanged', () => {
    expect(text('echo  Keep  this')).toBe('Keep  this')
    expect(text('Please say: "hello, world"')).toBe('hello, world')
  })

  test('repairs what cannot be written as UTF-8', () => {
    expect(text('echo \uD83D!')).toBe('\uFFFD!')
  })

  test('counts at most a thousand numbers', () => {
    expect(text('Count to 4, please')).toBe('1, 2, 3, 4.')
    expect(text('count from 9 to 11')).toBe('9, 10, 11.')
    expect(text('count to 999999').split(', ')).toHaveLength(1000)
  })

  test('has the requested structure', () => {
    expect(text('give me a list of seven ideas').match(/^\d+\. \*\*/gm)).toHaveLength(7)
    expect(text('a table of rivers').match(/^\|.*\|$/gm)).toHaveLength(8)
    expect(text('write a function in Rust')).toMatch(/```rust\n[^]+\n```/)
    expect(text('write some code')).toContain('```ts\n')
  })

  test('is long on request', () => {
    const words = text('write a long essay about rivers').split(/\s+/).length
    expect(words).toBeGreaterThan(1300)
    expect(words).toBeLessThan(1800)
  })

  test('uses the script of the question', () => {
    expect(text('Как дела?')).toMatch(/\p{Script=Cyrillic}/u)
    expect(text('你好吗？')).toMatch(/^谢谢/)
    expect(text('お元気ですか')).toMatch(/\p{Script=Hiragana}/u)
    expect(text('👍🏽')).toMatch(/^[\p{RGI_Emoji}\s]+$/v)
  })

  test('recalls earlier messages', () => {
    expect(text('I like tea', 'what did I say?')).toContain('“I like tea”')
    expect(text('what did I say?')).toContain('first thing')
    expect(text('My name is Ada.', 'hello', 'what is my name?')).toContain('Ada')
  })

  test('to any other prompt quotes it and mentions the simulator', () => {
    expect(text('why is the sky blue?')).toContain('“why is the sky blue?”')
    expect(text('why is the sky blue?')).toContain('simulator')
  })
})
