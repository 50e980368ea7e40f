const small = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Special characters of the proxy user, in the order of the wheel. */
export const userSpecials = '_-\\@.';
/** Special characters of the proxy password, in the order of the wheel. */
export const passwordSpecials = '_-\\/|~!?@#$%^&*+=(){}[]<>:;"`,.';

/** Which characters a field takes, by the parts of the wheel. */
export interface Alphabet {
  readonly letters: 'all' | 'hex' | 'none';
  /** Those that stand between the digits and the capitals, in order. */
  readonly specials: string;
}

/**
 * The character wheel of a field: UP goes forward, DOWN back, and it is a ring. The space stands in it twice, before the small letters and
 * before the digits, so a position is a place in the ring and not a character.
 */
export function ringOf(alphabet: Alphabet): string {
  const part = (letters: string) =>
    alphabet.letters === 'all' ? letters : alphabet.letters === 'hex' ? letters.slice(0, 6) : '';
  const letters = part(small);
  return ` ${letters}${letters === '' ? '' : ' '}${digits}${alphabet.specials}${part(capitals)}`;
}

/** The next place of the ring. `place` null: the wheel stands at the first `character` of the ring. */
export function turn(ring: string, place: number | null, character: string, steps: 1 | -1): number {
  const from = place !== null && ring[place] === character ? place : Math.max(0, ring.indexOf(character));
  return (from + steps + ring.length) % ring.length;
}
