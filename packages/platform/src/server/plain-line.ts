/** Controls (C0, C1), line and paragraph separators, and characters that turn the direction of text or are not seen. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;

/** One line of plain text out of what a target or a user wrote: nothing in it steers a mail, a terminal or the order of reading. */
export function plainLine(text: string, longest = 200): string {
  const line = text.replaceAll(unseen, ' ').replaceAll(/\s+/g, ' ').trim();
  const characters = Array.from(line.slice(0, longest * 2));
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
}
