import { ber, berAt, berChildren, berInteger } from '../../../services/ber.ts';
import { ascii, concat, latin } from '../../../services/bytes.ts';

const utf8 = new TextEncoder();
/** Values of one attribute, and attributes of one entry, that are read. */
const mostParts = 4096;

/** An operation in its envelope: LDAPMessage (RFC 4511 section 4.1.1). */
function message(id: number, operation: Uint8Array): Uint8Array {
  return ber(0x30, integer(id), operation);
}

/** INTEGER of a number that is not negative. */
function integer(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return ber(0x02, Uint8Array.from((bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : bytes));
}

/** BindRequest with a name and a password (section 4.2); both empty: anonymous. */
export function ldapBind(id: number, name: string, password: string): Uint8Array {
  return message(id, ber(0x60, integer(3), ber(0x04, utf8.encode(name)), ber(0x80, utf8.encode(password))));
}

/** ExtendedRequest for StartTLS (section 4.14.1). */
export function ldapStartTls(id: number): Uint8Array {
  return message(id, ber(0x77, ber(0x80, ascii('1.3.6.1.4.1.1466.20037'))));
}

/** UnbindRequest (section 4.3): the end of the session. */
export function ldapUnbind(id: number): Uint8Array {
  return message(id, ber(0x42));
}

/** What to search for. */
export interface LdapSearch {
  readonly base: string;
  /** 0: the entry itself; 1: one level below; 2: the whole tree. */
  readonly scope: number;
  readonly derefAliases: number;
  readonly sizeLimit: number;
  /** Seconds; 0: the server's own. */
  readonly timeLimit: number;
  readonly typesOnly: boolean;
  /** As `parseLdapFilter` gives it. */
  readonly filter: Uint8Array;
  readonly attributes: readonly string[];
}

/** SearchRequest (section 4.5.1). */
export function ldapSearch(id: number, search: LdapSearch): Uint8Array {
  const enumerated = (value: number) => ber(0x0a, Uint8Array.of(value));
  return message(
    id,
    ber(
      0x63,
      ber(0x04, utf8.encode(search.base)),
      enumerated(search.scope),
      enumerated(search.derefAliases),
      integer(search.sizeLimit),
      integer(search.timeLimit),
      ber(0x01, Uint8Array.of(search.typesOnly ? 0xff : 0)),
      search.filter,
      ber(0x30, ...search.attributes.map((name) => ber(0x04, utf8.encode(name)))),
    ),
  );
}

/** One message of a directory server. */
export type LdapAnswer =
  | {
      readonly kind: 'entry';
      readonly id: number;
      readonly dn: Uint8Array;
      readonly attributes: readonly (readonly [name: string, values: readonly Uint8Array[]])[];
    }
  | { readonly kind: 'reference'; readonly id: number; readonly urls: readonly string[] }
  /** The end of a bind, a search or an extended operation: LDAPResult (section 4.1.9). */
  | {
      readonly kind: 'result';
      readonly id: number;
      readonly code: number;
      readonly words: string;
      readonly referrals: readonly string[];
    };

/** BindResponse, SearchResultDone, ExtendedResponse. */
const resultTags = [0x61, 0x65, 0x78];

/** Total: null for what is no message of these kinds. */
export function decodeLdapAnswer(bytes: Uint8Array): LdapAnswer | null {
  const envelope = berAt(bytes, 0);
  if (envelope?.tag !== 0x30 || envelope.end > bytes.length) return null;
  const [number, operation] = berChildren(envelope.content, 2);
  if (number?.tag !== 0x02 || operation === undefined) return null;
  const id = berInteger(number.content);
  if (operation.tag === 0x64) return entryOf(id, operation.content);
  if (operation.tag === 0x73) return { kind: 'reference', id, urls: textsOf(operation.content) };
  return resultTags.includes(operation.tag) ? resultOf(id, operation.content) : null;
}

function entryOf(id: number, content: Uint8Array): LdapAnswer | null {
  const [dn, list] = berChildren(content, 2);
  if (dn?.tag !== 0x04 || list?.tag !== 0x30) return null;
  const attributes = berChildren(list.content, mostParts).flatMap((part) => {
    const [name, set] = berChildren(part.content, 2);
    if (name?.tag !== 0x04 || set?.tag !== 0x31) return [];
    return [[latin(name.content), berChildren(set.content, mostParts).map(({ content: value }) => value)] as const];
  });
  return { kind: 'entry', id, dn: dn.content, attributes };
}

function resultOf(id: number, content: Uint8Array): LdapAnswer | null {
  const [code, , words, ...rest] = berChildren(content, 8);
  if (code?.tag !== 0x0a) return null;
  const referral = rest.find(({ tag }) => tag === 0xa3);
  return {
    kind: 'result',
    id,
    code: berInteger(code.content),
    words: words?.tag === 0x04 ? latin(words.content).slice(0, 200) : '',
    referrals: referral === undefined ? [] : textsOf(referral.content),
  };
}

function textsOf(content: Uint8Array): string[] {
  return berChildren(content, 64).map((part) => latin(part.content).slice(0, 1024));
}

/** How long the message that begins here is, all included; null: its length is not known yet or none. Total. */
export function decodeLdapLength(head: Uint8Array): number | null {
  const element = berAt(concat(head.subarray(0, 6), new Uint8Array(4)), 0);
  const form = head[1] ?? 0;
  if (element === null || head.length < 2 || (form >= 0x80 && head.length < 2 + (form & 0x7f))) return null;
  return element.end;
}
