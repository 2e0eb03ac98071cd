/** The distance in pixels that counts as the end. */
const NEAR = 48

/**
 * Keeps the end of growing content in view while the reader is at the end. Scrolling up stops this until the reader returns
 * to the end.
 *
 * @param {HTMLElement} scroller
 * @param {(following: boolean) => void} onChange
 */
export function autoScroll(scroller, onChange) {
  // An empty page starts at its top.
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
      // Any scroll upwards stops following, unless it only clamps the position because the content shrank.
      if (scrollTop < lastTop - 1 && !(isNear && scrollHeight - scrollTop - clientHeight < 2)) set(false)
      // At the top of a short page the reader has not gone to its end.
      else if (isNear && scrollTop > 0) set(true)
      lastTop = scrollTop
    },
    { passive: true },
  )
  const scrollToEnd = () => {
    scroller.scrollTop = scroller.scrollHeight
    lastTop = scroller.scrollTop
  }
  // A narrower window makes the content longer.
  new ResizeObserver(() => {
    if (following) scrollToEnd()
  }).observe(scroller)
  return {
    /** Call after the content has grown. */
    contentGrew() {
      if (following) scrollToEnd()
    },
    /** Call for new, empty content. */
    reset() {
      scroller.scrollTop = 0
      lastTop = 0
      following = false
    },
    /** Scrolls to the end and follows it. */
    toEnd() {
      scrollToEnd()
      set(true)
    },
  }
}
