/** How near the end counts as being there, in pixels. */
const NEAR = 48

/**
 * Keeps the end of a growing page in view, as long as its reader is there. Whoever scrolls up is left in peace, until
 * they come back to the end.
 *
 * @param {HTMLElement} scroller
 * @param {(following: boolean) => void} onChange
 */
export function follow(scroller, onChange) {
  // An empty page is read from its top.
  let following = false
  let lastTop = 0
  /** @param {boolean} now */
  const set = (now) => {
    if (following === now) return
    following = now
    onChange(now)
  }
  scroller.addEventListener(
    'scroll',
    () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller
      const isNear = scrollHeight - scrollTop - clientHeight < NEAR
      // Upwards by a hair is enough to be let go; content that shrank is no reader's wish.
      if (scrollTop < lastTop - 1 && !(isNear && scrollHeight - scrollTop - clientHeight < 2)) set(false)
      else if (isNear) set(true)
      lastTop = scrollTop
    },
    { passive: true },
  )
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight
    lastTop = scroller.scrollTop
  }
  // A narrower window makes the page longer.
  new ResizeObserver(() => {
    if (following) toEnd()
  }).observe(scroller)
  return {
    /** The page has grown. */
    grown() {
      if (following) toEnd()
    },
    /** A new page, not yet grown. */
    start() {
      scroller.scrollTop = 0
      lastTop = 0
      following = false
    },
    /** The reader wants to be at the end. */
    end() {
      toEnd()
      set(true)
    },
  }
}
