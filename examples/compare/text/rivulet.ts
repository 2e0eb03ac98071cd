import { rivulet } from 'rivulet'

for await (const text of rivulet.fromEnv().text('Why is the sky blue?')) process.stdout.write(text)
