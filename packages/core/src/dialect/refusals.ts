import type { ErrorCode } from '../error-codes.ts'

/** Names and phrases with one meaning. Any of them is enough. */
export interface Refusal {
  readonly code: ErrorCode
  /** The codes of HTTP statuses that these refine. Without a status, every refusal of the list applies. */
  readonly over: readonly ErrorCode[]
  /** Parts of names, which are in lower case and have letters and digits only. */
  readonly names?: readonly RegExp[]
  /**
   * Phrases of messages, which are in lower case and have one space for any white space. Underscores are kept: a tool
   * named `rate_limit` does not mean one.
   */
  readonly messages?: readonly RegExp[]
}

/**
 * What refusals mean; the first match wins. The comment of each line names the vendors that say so, and the day on which
 * it was reported or looked up. The messages and their sources are in `test/dialect/fixtures/refusals.json`, and a test
 * checks that each line is needed by one of them.
 *
 * A status is trusted: nothing refines 402, 404, 408 and 413, and only clear phrases refine 401 and 500.
 */
export const REFUSALS: readonly Refusal[] = [
  // The model failed at a call or at JSON: asked again, it may do better.
  {
    code: 'malformed',
    over: ['bad-request'],
    names: [
      /^(tooluse|jsonvalidate)failed$/, // Groq, 2026-11-20
    ],
    messages: [
      /failed to call a function/, // Groq through a client that drops the code, 2025-07-15
    ],
  },
  // A field that is too long is a bad request, unless it has the conversation in it.
  {
    code: 'context-length',
    over: ['bad-request'],
    messages: [
      /'(\S{1,99}\.)?(content|input|instructions|prompt|text)(\[\d+\])?': string too long/, // OpenAI, 2025-11-05
    ],
  },
  // The account is used up. MiniMax says so with a 500 (2025-12-23).
  {
    code: 'quota',
    over: ['auth', 'bad-request', 'overloaded', 'rate-limited'],
    names: [
      /insufficient(user)?(quota|balance|credit)/, // OpenAI, 2025-11-15; one-api, 2024-04-03; MiniMax, 2026-04-25
      /^billing/, // OpenAI, 2025-06-17; Google Cloud, 2026-11-27
      /^quotaexceeded/, // Volcengine, 2026-11-27
      /exceededcurrentquota/, // Moonshot, 2026-07-17
      /arrearage|overdue/, // DashScope, 2025-07-25; Volcengine, 2025-04-07
      /setlimitexceeded/, // Volcengine, 2026-11-27
      /spendlimit/, // Anthropic, 2026-11-20
      /^creditserror$/, // OpenCode Zen, 2026-07-15
      /^usagelimitreached$/, // ChatGPT's plans, 2026-05-04
    ],
    messages: [
      /insufficient (account )?(balance|credit|fund)/, // MiniMax, 2025-12-23; OpenCode, 2026-04-26
      /balance is (too low|insufficient)/, // Anthropic, 2026-11-20; SiliconFlow, 2025-02-07
      /(余额|额度)(不足|已用尽)|欠费/, // z.ai, 2026-11-27; new-api, 2026-09-18
      /out of credits|all available credits|any credits/, // xAI, 2026-07-11, 2026-02-09, 2026-06-16
      /credits are depleted|spending cap/, // Google, 2026-11-27
      /account is in good standing/, // DashScope through a client that drops the code, 2025-07-23
      /overdue account/, // through a gateway, 2026-05-10
      /account is not active/, // OpenAI through a client that drops the code, 2024-08-20
      /billing hard limit/, // OpenAI, 2023-07-28
      /specified api usage limits/, // Anthropic, 2026-03-24
      /usage limit for this billing cycle/, // Kimi Code, 2026-11-27
    ],
  },
  // The content was inspected and refused.
  {
    code: 'content-filter',
    over: ['auth', 'bad-request', 'overloaded'],
    names: [
      /contentfilter|contentpolicy|moderation|safety/, // Azure, 2023-03-22; Moonshot, 2026-11-27; OpenAI, 2026-11-20
      /datainspection/, // DashScope, 2026-11-27
      /^unsaferequest$/, // Baidu, 2025-12-23
    ],
    messages: [
      /content (management |filtering )?policy|content filter|safety system/, // Azure, 2025-10-04; Anthropic (inspect_ai#3989)
      /inappropriate content/, // DashScope through a gateway, 2026-11-27
      /considered high risk/, // Moonshot through a gateway, 2026-11-27
      /content exists risk/, // DeepSeek, 2026-11-20
      /sensitive (content|information)|new_sensitive|敏感/, // z.ai, MiniMax and Volcengine, 2026-11-27
      /violates usage guidelines|potentially violating/, // xAI, 2026-11-27; OpenAI, 2026-08-20
      /prohibited_content/, // Google through new-api, 2025-11-23
      /requires moderation/, // OpenRouter, 2026-11-20
    ],
  },
  // The endpoint is full. Some say so with a 429, but the caller did not ask too often.
  {
    code: 'overloaded',
    over: ['bad-request', 'rate-limited'],
    names: [
      /overloaded/, // Moonshot, 2026-11-27; Volcengine, 2026-11-27
      /capacity(exceeded|exhausted)/, // Google, 2026-05-07; Groq, 2026-11-20; Mistral, 2026-11-20
    ],
    messages: [
      /(is|are) (currently |temporarily )?overloaded|temporarily overloaded/, // Kimi Code and z.ai, 2026-11-27
      /capacity exceeded/, // Mistral, 2025-06-18
    ],
  },
  {
    code: 'rate-limited',
    over: ['bad-request', 'overloaded', 'rate-limited'],
    names: [
      /ratelimit/, // OpenAI, 2026-11-20
      /resourceexhausted/, // Google, 2025-09-14: "check your plan and billing", about a minute's limit
      /throttl/, // Bedrock, 2025-11-13; DashScope, 2026-11-27
      /toomanyrequests|toomanytokens/, // Cerebras, 2026-09-04
    ],
  },
  {
    code: 'rate-limited',
    over: ['auth', 'bad-request', 'rate-limited'],
    messages: [
      /\brate[- ]limit/, // OpenRouter, 2026-04-28
      /too many requests/, // RFC 6585
      /too many tokens, please wait/, // Bedrock, 2025-11-13
      /(tokens?|requests?) per (minute|day)|_per_minute_per_/, // Cerebras, 2026-01-22; Vertex AI, 2026-11-27
      /request limit reached/, // Baidu, 2025-09-05
    ],
  },
  // The conversation is too long for the model.
  {
    code: 'context-length',
    over: ['auth', 'bad-request', 'overloaded'],
    names: [
      /context(length|window|size)/, // OpenAI, 2026-11-20; llama.cpp, 2025-10-07
      /requesttoolarge/, // Anthropic, 2026-11-20
    ],
    messages: [
      /max(imum)? context (length|window)/, // OpenAI, 2024-01-16; DeepSeek, 2026-01-19; OpenRouter, 2026-08-12; Mistral
      /(exceeds?|exceeded|greater than|less than|longer than) (\S+ ){0,3}context (length|limit|size|window)/, // OpenAI, 2026-11-27; Anthropic; llama.cpp; Together
      /context (length|size|window) (has been )?exceed/, // MiniMax, 2026-05-04; LM Studio, 2026-08-30
      /context length (of|is) only|context overflow/, // LM Studio, 2025-03-24, 2025-11-21
      /(prompt|input)( tokens?)?( is| length)? too long/, // Anthropic, 2025-11-09; z.ai; Bedrock, 2024-06-15; Moonshot
      /(prompt|input)( \S+){0,3} (exceeds|longer than) (the )?max(imum)?( model)? length/, // z.ai, 2026-03-21; Volcengine; vLLM
      /token count (\S+ ){0,2}exceeds|token count is \d+ but/, // Google, 2025-08-20; Copilot, 2026-01-20; Vertex AI
      /maximum prompt length/, // xAI, 2026-11-20
      /exceeded model token limit/, // Moonshot, 2026-04-23
      /range of input length/, // DashScope, 2026-10-12
      /reduce the length of the messages/, // Groq, 2026-11-20; Cerebras, 2025-08-03
      /too many (input )?tokens(?!: max|,)/, // Cohere, 2026-11-27
      /tokens \+ `?max_new_tokens/, // Hugging Face, 2025-01-20; Together, 2023-12-05
      /must have less than \d+ tokens/, // Hugging Face, 2024-06-28
      /must be less than max_seq_len/, // SiliconFlow, 2026-11-27
      /max length exceeded/, // LiteLLM, 2024-03-12
      /\bn_(ctx|keep)/, // LM Studio, 2026-01-29; gpustack, 2025-04-21
      /max_tokens must be at least 1, got -/, // vLLM, 2024-05-07: nothing of the context is left
      /max (input characters|message tokens)/, // Baidu, 2025-09-05; Volcengine, 2026-11-27
      /超长|输入\S*过长/, // z.ai in Chinese, 2026-11-27
    ],
  },
  {
    code: 'quota',
    over: ['auth', 'bad-request', 'rate-limited'],
    messages: [
      /(exceeded|used up) your (\S+ )?quota|\bquota (is )?(exceeded|exhausted|not enough)/, // OpenAI, 2023-04-23; one-api, 2024-03-03
    ],
  },
  {
    code: 'auth',
    over: ['bad-request', 'overloaded'],
    names: [
      /apikey|authentication|invalidauth|unauthenticated|unauthorized/, // OpenAI and Google, 2026-11-20
      /permission|forbidden/, // OpenAI, 2026-11-20
    ],
  },
  {
    code: 'auth',
    over: ['bad-request'],
    messages: [
      /\bapi key\b|\bunauthori[sz]ed\b|not authorized|authentication (error|fail|required)|not logged in/, // Google, xAI and MiniMax, 2026-11-27
      /access token (is )?invalid|invalid access token/, // Baidu, 2025-09-05
      /organization has been disabled/, // Anthropic, 2026-11-27
    ],
  },
  {
    code: 'not-found',
    over: ['auth', 'bad-request', 'overloaded'],
    names: [
      /notfound/, // OpenAI, 2026-11-20; new-api with a 503, 2025-11-28
      /invalidmodel|modelnotsupported/, // Mistral, 2026-11-20; Copilot, 2026-11-27
    ],
  },
  {
    code: 'not-found',
    over: ['auth', 'bad-request'],
    messages: [
      /\bmodel:? (\S+ )?(does not|do not|not|doesn't) exist/, // SiliconFlow, 2024-12-19; DeepSeek; Hugging Face
      /\bmodels?[:/ ]\S* ?(is )?not found/, // Ollama, 2026-11-20
      /\b(no such|unknown|invalid) model\b(?! (config|field|output|param|response))/, // z.ai, 2026-09-30; LiteLLM
      /\bmodel (\S+ )?is not supported/, // OpenCode Zen with a 401, 2026-07-12; DashScope, 2026-10-12
      /is not a valid model/, // OpenRouter, 2026-11-27
      /model identifier is invalid/, // Bedrock, 2026-11-27
      /has been decommissioned/, // Groq, 2026-11-20
      /模型不存在/, // z.ai in Chinese, 2026-11-27
    ],
  },
  {
    code: 'timeout',
    over: ['overloaded'],
    names: [
      /timeout|deadline/, // Google and Anthropic, 2026-11-20
    ],
  },
  {
    code: 'timeout',
    over: [],
    messages: [
      /timed out|request timeout/, // a gateway (vercel/ai#10533); MiniMax, 2026-11-27
    ],
  },
  {
    code: 'overloaded',
    over: ['bad-request'],
    messages: [
      /temporarily unavailable|internal (server )?error|try again later/, // Volcengine, 2025-04-07
    ],
  },
  // Names that say no more than a status of 400.
  {
    code: 'bad-request',
    over: [],
    names: [
      /badrequest|invalid(argument|parameter|request)|validation/, // OpenAI, Google and vLLM, 2026-11-20
      /abovemaxlength/, // OpenAI, 2024-05-15
    ],
  },
]
