import { type Responder, quote } from './prompt.ts'

interface Voice {
  readonly opening: (words: string) => string
  readonly sentences: readonly string[]
  readonly closing: string
  readonly space: string
}

const russian: Voice = {
  opening: (words) => `Спасибо за вопрос: «${words}».`,
  sentences: [
    'Ответ приходит по частям, как вода в ручье: сначала капля, потом струя, а потом уже целая река.',
    'Каждая буква здесь занимает два байта, и потому легко заметить, если кто-то разрезал её пополам.',
    'Хороший поток не спешит и не теряет ни слова, даже когда дорога неровная.',
    'Если связь оборвётся, это будет видно сразу: молчание тоже бывает честным.',
  ],
  closing: 'Я всего лишь симулятор, но отвечаю от чистого сердца.',
  space: ' ',
}

const chinese: Voice = {
  opening: (words) => `谢谢你的问题：“${words}”。`,
  sentences: [
    '回答像小溪一样，一点一点地流过来，最后汇成一条大河。',
    '这里的每个汉字占三个字节，所以在中间被切开也能马上发现。',
    '好的数据流不急不躁，一个字也不会丢。',
    '如果连接断了，我们会清楚地知道，而不是悄悄地结束。',
  ],
  closing: '我只是一个模拟器，不过我会认真回答。',
  space: '',
}

const japanese: Voice = {
  opening: (words) => `ご質問ありがとうございます。「${words}」ですね。`,
  sentences: [
    '答えは小川のように、少しずつ流れて、やがて大きな川になります。',
    'ひらがなもカタカナも漢字も三バイトなので、途中で切れるとすぐにわかります。',
    'よい流れは急がず、一文字も失いません。',
    '接続が切れたときは、静かに終わるのではなく、はっきりとお知らせします。',
  ],
  closing: '私はただのシミュレーターですが、心をこめてお答えします。',
  space: '',
}

const emojis = ['🌧️💧➡️🏞️', '🏞️➡️🌊', '👩‍🚀🚀🌍', '👨‍👩‍👧‍👦🛶', '👍🏽🙌🏿', '🏳️‍🌈🎉', '🇯🇵🇧🇷🇳🇴', '🐟🦆🦫', '1️⃣2️⃣3️⃣', '❤️‍🔥✨']

const requested: readonly (readonly [RegExp, Voice | 'emoji'])[] = [
  [/\bin (?:russian|cyrillic)\b|по-русски/iu, russian],
  [/\bin (?:chinese|mandarin)\b|用中文/iu, chinese],
  [/\bin japanese\b|日本語で/iu, japanese],
  [/\b(?:in|with|using|use|only|some) (?:\w+ )?emojis?\b/iu, 'emoji'],
]

/** The scripts of a prompt. Kana come before Han, because Japanese uses both. Not made before a prompt: it takes 10 ms. */
const written = (): readonly (readonly [RegExp, Voice | 'emoji'])[] => [
  [/\p{Script=Cyrillic}/u, russian],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, japanese],
  [/\p{Script=Han}/u, chinese],
  [/^[\s\p{P}]*\p{RGI_Emoji}(?:\p{RGI_Emoji}|[\s\p{P}])*$/v, 'emoji'],
]

/** An answer in the requested language, or in the prompt's own if its script is not Latin. */
export const inLanguage: Responder = ({ prompt, random }) => {
  const voice = [...requested, ...written()].find(([pattern]) => pattern.test(prompt))?.[1]
  if (voice === undefined) return undefined
  if (voice === 'emoji') return `${random.shuffle(emojis).slice(0, 6).join(' ')} 🤖💬`
  const { opening, sentences, closing, space } = voice
  return [opening(quote(prompt, 40)), ...random.shuffle(sentences).slice(0, 3), closing].join(space)
}
