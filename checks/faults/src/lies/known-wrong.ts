import { type Finding, isWithin } from './finding.ts'

/** What the library reads wrongly today, by dialect: the names of findings. Delete a line when it holds. */
export const KNOWN_WRONG: Readonly<Record<string, readonly string[]>> = {
  responses: [
    'arguments-in-completed',
    'arguments-tail-lost',
    'cut-between-frames + text-in-done',
    'cut-inside-a-frame + text-in-done',
    'done-mark-after + raw',
    'event-after-completed + raw',
    'fails: broken-arguments + arguments-in-words',
    'fails: differs + arguments-differ',
    'fails: differs + text-differs',
    'fails: differs + text-with-a-hole',
    'fails: no-answer + an-error-nested-deep',
    'fails: reported + error-detail',
    'fails: reported + error-event-words',
    'fails: reported + failed-in-completed',
    'ids-shared',
    'incomplete-in-completed',
    'reset + text-in-done',
    'text-in-completed',
    'text-tail-lost',
    'thought-in-completed',
    'thought-tail-lost',
  ],
  gemini: [
    'done-mark-after + raw',
    'fails: no-answer + an-error-nested-deep',
    'fails: reported + error-event-words',
    'fails: reported + error-flat',
    'ids-shared',
    'reason-before-the-last-text',
    'reason-empty-in-every-chunk',
    'reason-first',
    'reason-in-every-chunk',
    'reason-lower-case',
    'reason-unspecified-in-every-chunk',
    'second-candidate',
    'second-candidate-first',
    'usage-beside-no-candidates',
    'usage-in-its-own-chunk',
  ],
  ollama: [
    'arguments-as-text',
    'fails: no-answer + an-error-nested-deep',
    'ids-shared',
    'line-after-done + raw',
    'reason-empty',
    'reason-upper-case',
  ],
  text: ['text that begins like no answer + reset', 'text that begins like no answer + reset-after-all'],
}

/** Whether a finding is one of these, alone or among more oddities. */
export const isKnown = ({ dialect, kind }: Pick<Finding, 'dialect' | 'kind'>): boolean =>
  (KNOWN_WRONG[dialect] ?? []).some((name) => isWithin(name.split(' + '), kind.split(' + ')))
