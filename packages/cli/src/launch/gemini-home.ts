import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../usage-error.ts'

/** Of Gemini CLI: it asks with a key of the environment. */
const WITH_KEY = 'gemini-api-key'

interface GeminiSettings {
  readonly security?: { readonly auth?: { readonly selectedType?: string } }
}

/**
 * Makes Gemini CLI ask with a key where its user logs in with something else: a home whose settings differ in that alone, and in
 * which all else is the user's own. No variable says it, and it reads other settings from root's folders only (0.61).
 *
 * @param folder Where the home is made.
 * @returns The home, or `undefined` where the user's own does.
 */
export async function geminiHome(folder: string): Promise<string | undefined> {
  const own = join(process.env.GEMINI_CLI_HOME ?? homedir(), '.gemini')
  const settings = await settingsIn(join(own, 'settings.json'))
  const { security } = settings
  if (security?.auth?.selectedType === WITH_KEY) return undefined
  const made = join(folder, '.gemini')
  await mkdir(made)
  for (const name of await readdir(own).catch(() => [])) {
    if (name !== 'settings.json') await symlink(join(own, name), join(made, name))
  }
  const changed = { ...settings, security: { ...security, auth: { ...security?.auth, selectedType: WITH_KEY } } }
  await writeFile(join(made, 'settings.json'), JSON.stringify(changed))
  return folder
}

async function settingsIn(file: string): Promise<GeminiSettings> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  try {
    // It may have comments. Their shape is the agent's to check.
    return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|\/\/.*|\/\*[^]*?\*\//g, '$1')) as GeminiSettings
  } catch {
    throw new UsageError(`${file} is not JSON: mend it first.`)
  }
}
