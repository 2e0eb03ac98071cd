import { gravityengine, liaobots, lockchat, rivulet } from 'rivulet'

const river = rivulet({ providers: [lockchat(), liaobots({ auth: 'your-code' }), gravityengine()] })
for await (const piece of river.text('Why is the sky blue?')) process.stdout.write(piece)
