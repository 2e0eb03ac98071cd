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

  test.each([
    ['Count to five', '1, 2, 3, 4, 5.'],
    ['count the words, then count from two to 4', '2, 3, 4.'],
    ['count from 3 to 1', '3, 2, 1.'],
    ['count down from three', '3, 2, 1.'],
    ['What is 6 times 7?', '6 times 7 is 42.'],
    ['what is 2 + 2', '2 + 2 is 4.'],
    ['What is 7 divided by 2?', '7 divided by 2 is 3.5.'],
    ['How much is 1 / 0?', 'Nothing can be divided by zero.'],
    ['How long is the Danube?', /^The Danube is about 2,850 km long\. .* Black Sea\.$/],
    ['Which is the longest river?', /^The Nile, the longest river on earth, .* Africa into the Mediterranean Sea\.$/],
    ['Why is the sky blue?', /^Sunlight .* scatter blue light far more than red/],
    ['Write a TypeScript function that groups a list by a key', /groupBy/],
    ['Write a Python function that counts the words of a text', /word_counts/],
  ])('is right: %s', (prompt, right) => {
    for (const seed of [1, 2, 3]) {
      const { text: said } = answerTo({ seed, model: 'm', messages: [{ role: 'user', content: prompt }], tools: false })
      if (typeof right === 'string') expect(said).toBe(right)
      else expect(said).toMatch(right)
    }
  })

  test.each([
    ['a table of three rivers', 3],
    ['Show me a table of 4 rivers, please', 4],
    ['a table of a hundred rivers', 6],
    ['a table of 99 rivers', 10],
    ['A table of <b a=1> rivers', 6],
  ])('has as many rows as the prompt asks for: %s', (prompt, rows) => {
    // A table has two lines above its rows.
    expect(text(prompt).match(/^\|.*\|$/gm)).toHaveLength(rows + 2)
  })

  test('has the rivers at the end that the prompt names, the longest first', () => {
    const names = (prompt: string) => [...text(prompt).matchAll(/^\d+\. (\w+),/gm)].map(([, name]) => name)
    expect(names('List the three longest rivers')).toEqual(['Nile', 'Amazon', 'Yangtze'])
    expect(names('name two short rivers')).toEqual(['Loire', 'Thames'])
    expect(names('a list of five rivers')).toHaveLength(5)
    expect(text('five tips about rivers')).toMatch(/^Here are five things about rivers:/)
    expect(text('a list of seven ideas')).toMatch(/^Here are seven things that tend to help:/)
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
    expect(text('why do rivers bend?')).toContain('“why do rivers bend?”')
    expect(text('why do rivers bend?')).toContain('simulator')
  })
})
