import { describe, expect, test } from 'vitest'
import { readArgs } from '../src/args.ts'
import { ROWS, rowOf } from '../src/rows.ts'
import { packageOf, subjectOf, subjects } from '../src/subjects.ts'

describe('the command line', () => {
  test('has defaults', () => {
    expect(readArgs([])).toEqual({
      row: undefined,
      providers: [],
      json: false,
      write: false,
      quick: false,
      competitors: false,
      help: false,
    })
    expect(readArgs(['--row', '6', '--provider', 'a', '--provider', 'b'])).toMatchObject({
      row: 6,
      providers: ['a', 'b'],
    })
  })

  test.each([['--row', '38'], ['--row', 'six'], ['--nonsense'], ['--write', '--row', '6']])(
    'refuses %s %s',
    (...args) => {
      expect(() => readArgs(args.filter((arg) => typeof arg === 'string'))).toThrow(TypeError)
    },
  )
})

test('the rows are numbered', () => {
  expect(ROWS.map(({ row }) => row)).toEqual(Array.from({ length: 37 }, (_, at) => at + 1))
  expect(() => rowOf(0)).toThrow('There is no row 0')
})

describe('subjects', () => {
  test('are found by their file', async () => {
    const ids = (await subjects()).map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['gravityengine', 'liaobots', 'lockchat', 'openai', 'openai-responses']))
    expect(new Set(ids).size).toBe(ids.length)
    expect((await subjectOf('lockchat')).name).toBe('Lockchat')
    expect((await subjects(['openai-responses'])).map(({ id }) => id)).toEqual(['openai-responses'])
    expect((await subjectOf('openai-responses')).name).toBe('OpenAI (Responses)')
    expect(['openai', 'openai-responses', 'openai-compatible'].map(packageOf)).toEqual([
      'openai',
      'openai',
      'openai-compatible',
    ])
  })

  test('are listed when one is unknown', async () => {
    await expect(subjects(['acme'])).rejects.toThrow(/No provider "acme".*lockchat/)
    await expect(subjects(['openai-nonsense'])).rejects.toThrow('No provider "openai-nonsense" in provider-openai')
  })
})
