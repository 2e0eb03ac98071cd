import type { Responder } from './prompt.ts'

/** Questions that everybody tries first, with their right answers. */
const known: readonly (readonly [asked: RegExp, answer: string])[] = [
  [
    /\bwhy is the sky blue\b/iu,
    'Sunlight holds all colours, and the molecules of the air scatter blue light far more than red: the shorter the wave, the stronger the scattering. So blue light reaches your eyes from every part of the sky. At sunset the light passes through more air, most of the blue is scattered away, and red is what is left.',
  ],
  [
    /\bwhy is the (?:sea|ocean) blue\b/iu,
    'Water absorbs red light more than blue, so what comes back out of deep water is blue. The surface also mirrors the sky.',
  ],
  [
    /\bwhy is the (?:sea|ocean) salty\b/iu,
    'Rain dissolves salts from rocks and rivers carry them to the sea. Water leaves the sea by evaporation, and the salts stay.',
  ],
]

export const fact: Responder = ({ prompt }) => known.find(([asked]) => asked.test(prompt))?.[1]

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  plus: (left, right) => left + right,
  '-': (left, right) => left - right,
  minus: (left, right) => left - right,
  '*': (left, right) => left * right,
  '×': (left, right) => left * right,
  x: (left, right) => left * right,
  times: (left, right) => left * right,
  '/': (left, right) => left / right,
  'divided by': (left, right) => left / right,
}

/** `what is 6 times 7?` */
export const sum: Responder = ({ prompt }) => {
  const [, left = '', sign = '', right = ''] =
    /^(?:what is|what’s|what's|how much is|calculate)\s+(-?\d{1,9})\s*(\+|plus|-|minus|\*|×|x|times|\/|divided by)\s*(-?\d{1,9})\s*[?.!=]*$/iu.exec(
      prompt,
    ) ?? []
  const result = operations[sign.toLowerCase()]?.(Number(left), Number(right))
  if (result === undefined) return undefined
  if (!Number.isFinite(result)) return 'Nothing can be divided by zero.'
  return `${left} ${sign} ${right} is ${Number(result.toFixed(6))}.`
}
