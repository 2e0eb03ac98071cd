import { button, byId, element } from '../elements.js'

/** The longest side of an image that is sent, in pixels: vendors make larger ones smaller. */
const MAX_SIDE = 1_568
/** In bytes: a smaller image is sent as it is. */
const SMALL = 300_000
const MAX_IMAGES = 6

/** The images of a question: pasted, dropped or chosen. */
export class Attachments {
  /** As `data:` URLs. @type {string[]} */
  images = []
  #list = byId('images', HTMLUListElement)
  #status = byId('status', HTMLElement)
  #onChange

  /**
   * @param {HTMLElement} form
   * @param {() => void} onChange
   */
  constructor(form, onChange) {
    this.#onChange = onChange
    const input = byId('image-file', HTMLInputElement)
    byId('attach', HTMLButtonElement).addEventListener('click', () => {
      input.click()
    })
    input.addEventListener('change', () => {
      void this.#add([...(input.files ?? [])])
      input.value = ''
    })
    form.addEventListener('paste', ({ clipboardData }) => {
      void this.#add([...(clipboardData?.files ?? [])])
    })
    document.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      form.classList.add('dropping')
    })
    document.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) form.classList.remove('dropping')
    })
    document.addEventListener('drop', (event) => {
      form.classList.remove('dropping')
      if (!event.dataTransfer?.files.length) return
      event.preventDefault()
      void this.#add([...event.dataTransfer.files])
    })
  }

  /** @param {string[]} images */
  set(images) {
    this.images = images
    this.#list.hidden = images.length === 0
    this.#list.replaceChildren(
      ...images.map((url, index) => {
        const name = `image ${index + 1}`
        const remove = () => {
          this.set(this.images.filter((_, other) => other !== index))
        }
        return element(
          'li',
          {},
          element('img', { src: url, alt: name }),
          button('×', remove, { 'aria-label': `Remove ${name}` }),
        )
      }),
    )
    this.#onChange()
  }

  /** @param {File[]} files */
  async #add(files) {
    for (const file of files.filter(({ type }) => type.startsWith('image/'))) {
      try {
        const url = await smaller(file)
        if (this.images.length < MAX_IMAGES) this.set([...this.images, url])
        else this.#status.textContent = `A question has at most ${MAX_IMAGES} images.`
      } catch {
        this.#status.textContent = `${file.name} is not an image that this browser can read.`
      }
    }
  }
}

/**
 * An image as a `data:` URL, made smaller where it is larger than models look at.
 *
 * @param {File} file
 * @returns {Promise<string>}
 */
async function smaller(file) {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height))
  if (scale === 1 && file.size < SMALL && /^image\/(?:png|jpeg|webp|gif)$/.test(file.type)) return dataUrl(file)
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return dataUrl(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 }))
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      resolve(String(reader.result))
    }
    reader.onerror = () => {
      reject(reader.error ?? new Error('It cannot be read.'))
    }
    reader.readAsDataURL(blob)
  })
}
