import { rivulet } from 'rivulet'

const answer = rivulet.fromEnv().text('Why is the sky blue?')
for await (const text of answer) process.stdout.write(text)
console.log((await answer.result).usage)
