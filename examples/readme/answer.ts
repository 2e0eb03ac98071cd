import { rivulet } from 'rivulet'

const river = rivulet.fromEnv()
const { text } = await river.complete('Why is the sky blue?')
console.log(text)
