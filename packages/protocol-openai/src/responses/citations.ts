/** The annotations of a text: native parts, which follow the text that they belong to. */
const CITATIONS = ['url_citation', 'file_citation', 'container_file_citation', 'file_path']

export const isCitation = ({ type }: Readonly<Record<string, unknown>>): boolean => CITATIONS.includes(type as string)
