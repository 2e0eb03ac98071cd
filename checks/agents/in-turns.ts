/** Runs jobs in their order, at most so many at once, and never two of one agent: they share its home. */
export async function inTurns<Job extends { agent: object }>(
  jobs: readonly Job[],
  atOnce: number,
  run: (job: Job) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs]
  const busy = new Map<object, Promise<void>>()
  for (;;) {
    const next = busy.size < atOnce ? waiting.findIndex(({ agent }) => !busy.has(agent)) : -1
    const [job] = next < 0 ? [] : waiting.splice(next, 1)
    if (job !== undefined)
      busy.set(
        job.agent,
        run(job).finally(() => busy.delete(job.agent)),
      )
    else if (busy.size > 0) await Promise.race(busy.values())
    else return
  }
}
