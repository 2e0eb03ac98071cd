import type { Variants } from '../variants.ts'

const NO_REASON = 'raw text has no finish reason'

/** For an endpoint whose answer is the text itself: why it has no variants. */
export const rawTextVariants: Variants = {
  emptyReasons: NO_REASON,
  earlyEnds: NO_REASON,
  endMarkAlone: 'raw text has no end mark',
  silentEnd: NO_REASON,
  twoAnswers: 'raw text: every byte of it is the answer',
  unmarkedToolCalls: 'it calls no tools',
  differingWholes: 'raw text says nothing twice',
  onlyInWhole: 'raw text says nothing twice',
}
