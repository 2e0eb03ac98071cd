import type { Responder } from './prompt.ts'

interface Snippet {
  readonly task: string
  readonly code: string
  readonly note: string
}

const typescript: readonly Snippet[] = [
  {
    task: 'groups the items of a list by a key',
    code: `export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}`,
    note: 'A `Map` keeps the order in which the keys were first seen, and has no trouble with a key named `constructor`.',
  },
  {
    task: 'waits for a stream and joins its pieces',
    code: `export async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}`,
    note: 'If the stream fails the loop throws, so an unfinished text is never mistaken for a whole one.',
  },
]

const python: readonly Snippet[] = [
  {
    task: 'returns the first n numbers of Fibonacci',
    code: `def fibonacci(n: int) -> list[int]:
    """The first n Fibonacci numbers: fibonacci(5) == [0, 1, 1, 2, 3]."""
    numbers, current, following = [], 0, 1
    for _ in range(n):
        numbers.append(current)
        current, following = following, current + following
    return numbers`,
    note: 'It runs in linear time, and Python’s integers never overflow.',
  },
  {
    task: 'counts the words of a text',
    code: `from collections import Counter


def word_counts(text: str) -> Counter[str]:
    """How often each word occurs, upper and lower case being the same."""
    return Counter(word.strip(".,;:!?").lower() for word in text.split())`,
    note: '`word_counts(text).most_common(3)` gives the three most frequent.',
  },
]

const rust: readonly Snippet[] = [
  {
    task: 'finds the greatest common divisor of two numbers',
    code: `/// The greatest common divisor: \`gcd(12, 18) == 6\`.
pub fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}`,
    note: 'Euclid wrote this down about 2,300 years ago; only the punctuation has changed.',
  },
]

const go: readonly Snippet[] = [
  {
    task: 'reverses a string by its runes',
    code: `package text

// Reverse returns s with its runes in the opposite order.
func Reverse(s string) string {
	runes := []rune(s)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}`,
    note: 'Working on runes and not on bytes keeps letters such as “é” and “水” whole.',
  },
]

interface Language {
  readonly name: string
  readonly tag: string
  readonly asked: RegExp
  readonly snippets: readonly Snippet[]
}

const fallback: Language = { name: 'TypeScript', tag: 'ts', asked: /(?:)/u, snippets: typescript }
const languages: readonly Language[] = [
  { name: 'Python', tag: 'python', asked: /\bpython\b/iu, snippets: python },
  { name: 'Rust', tag: 'rust', asked: /\brust\b/iu, snippets: rust },
  { name: 'Go', tag: 'go', asked: /\b(?:go|golang)\b/iu, snippets: go },
]

/** The one whose task shares the most words with the prompt; of several, the first. */
function nearest(prompt: string, [first, ...others]: readonly Snippet[]): Snippet {
  if (first === undefined) throw new RangeError('There is no snippet')
  const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{3,}/gu) ?? []
  const asked = new Set(wordsOf(prompt))
  const shared = ({ task }: Snippet): number => wordsOf(task).filter((word) => asked.has(word)).length
  return others.reduce((best, next) => (shared(next) > shared(best) ? next : best), first)
}

export const code: Responder = ({ prompt, random }) => {
  if (!/\b(?:code|functions?|snippet|script|program)\b/iu.test(prompt)) return undefined
  const { name, tag, snippets } = languages.find(({ asked }) => asked.test(prompt)) ?? fallback
  const { task, code: lines, note } = nearest(prompt, random.shuffle(snippets))
  return `Here is a small ${name} function that ${task}:\n\n\`\`\`${tag}\n${lines}\n\`\`\`\n\n${note}\n\nI am a simulator and have only a handful of these by heart, but each of them works.`
}
