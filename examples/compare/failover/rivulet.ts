import { rivulet } from 'rivulet'

const river = rivulet.fromEnv({ aliases: { best: ['gpt-6.1-sol', 'claude-sonnet-5-5'] }, model: 'best' })
console.log((await river.complete('Why is the sky blue?')).text)
