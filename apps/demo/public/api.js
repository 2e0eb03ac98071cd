/**
 * @typedef {{ id: string, name?: string, inputs?: string[], tools?: boolean }} Model
 * @typedef {{ id: string, name: string, simulated: boolean, settings: string[], models: Model[] }} Provider
 * @typedef {{ models: (Model & { providers: string[] })[], providers: Provider[] }} Catalog
 */

/**
 * The providers and models of the server.
 *
 * @returns {Promise<Catalog>}
 */
export async function catalog() {
  const response = await fetch('/api/models')
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  return /** @type {Promise<Catalog>} */ (response.json())
}
