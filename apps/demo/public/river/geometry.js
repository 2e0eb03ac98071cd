/**
 * The river's lines: one for each provider, from its row on the left to its place in the river on the right.
 *
 * @typedef {{ width: number, height: number, rows: readonly number[] }} Bed `rows`: the middle of each provider's row, in pixels
 */

/** Where the streams have joined, as a part of the width. */
const JOINED = 0.64
/** The space between two lines in the river, in pixels. */
const SPACE = 1.5
/** A line without traffic, in pixels. */
const THIN = 1
/** The line of a stream of 60 tokens per second, in pixels; wider ones grow slowly. */
const AT_60 = 7

/**
 * The width of a line.
 *
 * @param {number} tokensPerSecond
 */
export const widthOf = (tokensPerSecond) => THIN + (AT_60 - THIN) * Math.min(2, Math.sqrt(tokensPerSecond / 60))

/**
 * The lines as SVG paths, in the order of their rows. In the river they lie beside each other.
 *
 * @param {Bed} bed
 * @param {readonly number[]} widths
 * @returns {string[]}
 */
export function linesOf({ width, height, rows }, widths) {
  const whole = widths.reduce((sum, each) => sum + each + SPACE, -SPACE)
  const middle = height / 2
  const joined = width * JOINED
  const swing = Math.min(height / 9, 14)
  let top = middle - whole / 2
  return rows.map((y, index) => {
    const own = widths[index] ?? THIN
    const to = top + own / 2
    top += own + SPACE
    const rest = width - joined
    const wave =
      `C${at(joined + rest * 0.2)} ${at(to)} ${at(joined + rest * 0.3)} ${at(to - swing)} ${at(joined + rest * 0.5)} ${at(to - swing)}` +
      `S${at(joined + rest * 0.8)} ${at(to)} ${at(width)} ${at(to)}`
    return `M0 ${at(y)}C${at(joined * 0.5)} ${at(y)} ${at(joined * 0.55)} ${at(to)} ${at(joined)} ${at(to)}${wave}`
  })
}

/**
 * Where a break is drawn: on its stream, before the streams join.
 *
 * @param {Bed} bed
 * @param {number} row
 */
export function breakAt({ width, height, rows }, row) {
  const x = width * JOINED
  const y = rows[row] ?? height / 2
  // The point of the curve at t = 0.36, near enough for a label.
  return { x: x * 0.37, y: y + (height / 2 - y) * 0.22 }
}

/** Where the label of a switch begins. @param {Bed} bed */
export const switchAt = ({ width, height }) => ({ x: width * JOINED, y: height / 2 })

/** @param {number} value */
const at = (value) => Number(value.toFixed(1))
