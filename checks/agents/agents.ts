/** The agents: how each is started, and which of its tools it is told to call. */

export interface Agent {
  name: string
  /** The dialect that it speaks, by its name in `@rivulet/dialects`. */
  dialect: 'Chat completions' | 'Responses' | 'Messages' | 'Gemini'
  /** The program, below `node_modules`; Node runs those that end with `js`. */
  program: string
  /** A model that the agent knows; it decides what the agent asks for. */
  model: string
  arguments: (prompt: string, model: string) => readonly string[]
  environment: (url: string) => Readonly<Record<string, string>>
  /** Files of its empty home, by path. */
  files: (url: string, model: string) => Readonly<Record<string, string>>
  /** The calls of each turn, in order. A request that does not offer the tools of its turn gets the last answer. */
  turns: readonly (readonly Call[])[]
}

export interface Call {
  tool: string
  /** The arguments, or the text of a tool that takes text. `folder` has `notes.txt` and `dot.png`. */
  input: (folder: string) => Readonly<Record<string, unknown>> | string
}

/** What the endpoint gives as the input of a call. */
export function inputOf({ input }: Call, folder: string): string {
  const given = input(folder)
  return typeof given === 'string' ? given : JSON.stringify(given)
}

const call = (tool: string, input: Call['input']): Call => ({ tool, input })

/** Codex asks in different ways for different models. */
const codex = (name: string, model: string, turns: Agent['turns']): Agent => ({
  name,
  dialect: 'Responses',
  program: '@openai/codex/bin/codex.js',
  model,
  arguments: (prompt) => ['exec', '--skip-git-repo-check', prompt],
  environment: () => ({ DUMMY_KEY: 'dummy' }),
  files: (url) => ({
    '.codex/config.toml': [
      `model = "${model}"`,
      'model_provider = "local"',
      'model_reasoning_effort = "high"',
      '[model_providers.local]',
      'name = "local"',
      `base_url = "${url}/v1"`,
      'env_key = "DUMMY_KEY"',
      'wire_api = "responses"',
      'request_max_retries = 0',
      'stream_max_retries = 0',
    ].join('\n'),
  }),
  turns,
})

export const AGENTS: readonly Agent[] = [
  {
    name: 'claude',
    dialect: 'Messages',
    program: '@anthropic-ai/claude-code/cli-wrapper.cjs',
    model: 'claude-sonnet-5-5',
    arguments: (prompt, model) => ['-p', prompt, '--model', model, '--allowedTools', 'Read,ToolSearch'],
    environment: (url) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: 'dummy',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
    }),
    files: () => ({}),
    turns: [
      [call('Read', (folder) => ({ file_path: `${folder}/notes.txt` }))],
      [
        call('Read', (folder) => ({ file_path: `${folder}/missing.txt` })),
        call('Read', (folder) => ({ file_path: `${folder}/dot.png` })),
      ],
      [call('ToolSearch', () => ({ query: 'notebook', max_results: 1 }))],
    ],
  },
  // Its tools are in a namespace, and in the input; the first takes a program.
  codex('codex', 'gpt-6.1-terra', [
    [call('functions__exec', () => 'text(await tools.exec_command({ cmd: "cat notes.txt" }))')],
    [
      call('functions__exec', () => 'no program'),
      call(
        'functions__exec',
        (folder) => `image(await tools.view_image({ path: ${JSON.stringify(`${folder}/dot.png`)} }))`,
      ),
    ],
  ]),
  codex('codex-5', 'gpt-5.5', [
    [call('exec_command', () => ({ cmd: 'cat notes.txt' }))],
    [
      call('exec_command', () => ({ cmd: 'cat missing.txt' })),
      call('apply_patch', () => '*** Begin Patch\n*** Add File: new.txt\n+new\n*** End Patch\n'),
    ],
    [call('view_image', (folder) => ({ path: `${folder}/dot.png` }))],
  ]),
  {
    name: 'opencode',
    dialect: 'Chat completions',
    program: 'opencode-linux-x64/bin/opencode',
    model: 'gpt-6.1-terra',
    arguments: (prompt) => ['run', prompt],
    environment: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
    files: (url, model) => ({
      '.config/opencode/opencode.json': JSON.stringify({
        model: `local/${model}`,
        provider: {
          local: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: `${url}/v1`, apiKey: 'dummy' },
            models: {
              [model]: {
                reasoning: true,
                attachment: true,
                modalities: { input: ['text', 'image'], output: ['text'] },
              },
            },
          },
        },
      }),
    }),
    turns: [
      [call('read', (folder) => ({ filePath: `${folder}/notes.txt` }))],
      [
        call('read', (folder) => ({ filePath: `${folder}/missing.txt` })),
        call('read', (folder) => ({ filePath: `${folder}/dot.png` })),
      ],
    ],
  },
  {
    name: 'gemini',
    dialect: 'Gemini',
    program: '@google/gemini-cli/bundle/gemini.js',
    model: 'gemini-4-argon',
    arguments: (prompt, model) => ['-p', prompt, '-m', model],
    environment: (url) => ({
      GEMINI_API_KEY: 'dummy',
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
    }),
    files: () => ({
      '.gemini/settings.json': JSON.stringify({
        security: { auth: { selectedType: 'gemini-api-key' } },
        privacy: { usageStatisticsEnabled: false },
        // The agent's first message says "directory", and the simulator would call the tool that it seems to ask for.
        tools: { exclude: ['list_directory'] },
        general: { enableAutoUpdate: false },
      }),
    }),
    turns: [
      [call('read_file', (folder) => ({ file_path: `${folder}/notes.txt` }))],
      [
        call('read_file', (folder) => ({ file_path: `${folder}/missing.txt` })),
        call('read_file', (folder) => ({ file_path: `${folder}/dot.png` })),
      ],
    ],
  },
]
