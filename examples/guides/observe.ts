/** How long answers take, what they use, and what they cost. */
import { anthropic, chat, cost, observe, openai, pipe, rivulet } from 'rivulet'

const watched = observe({
  onEnd({ answeredBy, model, outcome, firstTokenMs, totalMs, usage, error }) {
    console.log({ answeredBy, model, outcome, firstTokenMs, totalMs, usage, error })
  },
})

// A layer goes on a provider, on a group of them, or on a river.
const river = rivulet({ providers: [openai(), anthropic()] })
const { complete } = chat(pipe(river, watched), { model: 'gpt-6.1-terra' })

const { usage, model: id } = await complete('Why is the sky blue?')
const model = (await river.models()).find((served) => served.id === id)
const dollars = usage && model && cost(usage, model)
console.log(dollars === undefined ? 'the price is not known' : `$${dollars.toFixed(6)}`)
