import OpenAI from 'openai'

// It speaks one API, so its second endpoint is another host of the same model.
const { BACKUP_API_KEY: apiKey, BACKUP_BASE_URL: baseURL } = process.env
const clients = [new OpenAI(), new OpenAI({ apiKey, baseURL })]

async function complete(input: string): Promise<string> {
  let failure: unknown
  for (const client of clients) {
    try {
      return (await client.responses.create({ model: 'gpt-6.1-sol', input })).output_text
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

console.log(await complete('Why is the sky blue?'))
