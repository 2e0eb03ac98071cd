/** Shared by all pictures: a page whose colours follow the reader's light or dark mode. */

export const WIDTH = 960
export const LEFT = 28
export const RIGHT = WIDTH - 28

const STYLE = `
  svg { font: 13px/1 ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; color-scheme: light dark }
  .page { fill: #fbfcfd } .rule { stroke: #e3e8ee } .band { fill: #f1f5f9 } .title { font-size: 20px; font-weight: 650; fill: #0f1b2d }
  .story, .mark { fill: #5b6b7f } .mark { font-size: 11px } .name { fill: #26374d } .ours { font-weight: 650; fill: #0f1b2d }
  .value { fill: #26374d; font-variant-numeric: tabular-nums } .figure { font-weight: 650; fill: #0f1b2d; font-variant-numeric: tabular-nums }
  .floor { stroke: #0f1b2d; stroke-width: 1.5 } .b-ours { fill: #0e9f8e } .b-loop { fill: #9fb0c3 } .b-competitor { fill: #d99a1c }
  .spread { stroke: #0f1b2d; stroke-opacity: .45; stroke-width: 1.5 } .target { fill: #1e6fc4 } .missed { fill: #d8475b }
  .l-ours { stroke: #0e9f8e; stroke-width: 3; fill: none; stroke-linejoin: round } .l-loop { stroke: #9fb0c3; stroke-width: 2; fill: none; stroke-linejoin: round }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0e1520 } .rule { stroke: #243142 } .band { fill: #131d2b } .title, .ours, .figure { fill: #eef3f9 } .story, .mark { fill: #93a4b8 }
    .name, .value { fill: #d3deea } .floor { stroke: #eef3f9 } .b-ours { fill: #2cc2ae } .b-loop { fill: #51657c } .b-competitor { fill: #b98a2e }
    .spread { stroke: #eef3f9 } .target { fill: #6db3f5 } .missed { fill: #f0687a } .l-ours { stroke: #2cc2ae } .l-loop { stroke: #64788f }
  }`

/** A picture with a label for screen readers. */
export function page(height: number, label: string, body: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(label)}">
<style>${STYLE}
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="14"/>
${body.join('\n')}
</svg>
`
}

export function text(
  x: number,
  y: number,
  name: string,
  words: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text class="${name}" x="${round(x)}" y="${round(y)}"${at}>${escaped(words)}</text>`
}

/** The most letters of a line. */
const STORY_LETTERS = 135

/** A picture's title, and below it as many sentences of its description as fit into a line: the page has them all. */
export function heading({ title, about }: { title: string; about: string }): string[] {
  const sentences = about.split(/(?<=\.) /)
  while (sentences.length > 1 && sentences.join(' ').length > STORY_LETTERS) sentences.pop()
  return [text(LEFT, 38, 'title', title), text(LEFT, 62, 'story', sentences.join(' '))]
}

export const rect = (x: number, y: number, width: number, height: number, name: string): string =>
  `<rect class="${name}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="3"/>`

export const line = (x1: number, y1: number, x2: number, y2: number, name: string): string =>
  `<line class="${name}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`

export const round = (value: number): number => Math.round(value * 10) / 10

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
