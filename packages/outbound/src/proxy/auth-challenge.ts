import { type AnswerHead, fieldValues } from './answer-head.ts';

/** One way to log in that a proxy offers (RFC 9110 section 11.6.1). */
export interface AuthChallenge {
  /** In lower case. */
  readonly scheme: string;
  /** What follows the scheme as one word, as NTLM has it; null: nothing, or parameters. */
  readonly token: string | null;
  /** Parameters by their names in lower case, quotes taken off. */
  readonly params: ReadonlyMap<string, string>;
}

const mostChallenges = 32;
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const param = new RegExp(`^(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))`);
const scheme = new RegExp(`^(${token})(?:[ \\t]+|$|(?=,))`);
const token68 = /^([0-9A-Za-z._~+/-]+=*)[ \t]*(?=,|$)/;

/** All ways that the answer offers: several fields, several in one field, in their order. Total; what is no challenge is left out. */
export function authChallenges(head: AnswerHead): AuthChallenge[] {
  return fieldValues(head, 'proxy-authenticate').flatMap(challengesIn).slice(0, mostChallenges);
}

function challengesIn(value: string): AuthChallenge[] {
  const found: { scheme: string; token: string | null; params: Map<string, string> }[] = [];
  for (let rest = value.replace(/^[ \t,]+/, ''); rest !== ''; rest = rest.replace(/^[ \t,]+/, '')) {
    const current = found.at(-1);
    const pair = current === undefined || current.token !== null ? null : param.exec(rest);
    if (pair !== null && current !== undefined) {
      const [whole, name = '', quoted, plain = ''] = pair;
      current.params.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain);
      rest = rest.slice(whole.length);
      continue;
    }
    const begin = scheme.exec(rest);
    if (begin === null) break;
    rest = rest.slice(begin[0].length);
    const word = param.test(rest) ? null : (token68.exec(rest) ?? null);
    // After a comma it is the next scheme, not a word of this one.
    const own = word !== null && begin[0] !== begin[1] ? word : null;
    found.push({ scheme: (begin[1] ?? '').toLowerCase(), token: own?.[1] ?? null, params: new Map() });
    rest = rest.slice(own?.[0].length ?? 0);
    if (found.length >= mostChallenges) break;
  }
  return found;
}
