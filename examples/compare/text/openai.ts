import OpenAI from 'openai'

const answer = new OpenAI().responses.stream({ model: 'gpt-6.1-sol', input: 'Why is the sky blue?' })
answer.on('response.output_text.delta', ({ delta }) => process.stdout.write(delta))
await answer.finalResponse()
