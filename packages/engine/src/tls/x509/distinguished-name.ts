import { ownValue } from '@picket/base/own-value';
import { decodeDerList, decodeOid, type DerElement, tags } from './der.ts';
import { attributeNames } from './object-identifiers.ts';

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');
const utf16be = new TextDecoder('utf-16be');
const attributeLimit = 64;
/** Longest text of one attribute that is kept; RFC 5280's upper bounds are far below. */
const textLimit = 1024;

/** One attribute of a name: short name (`CN`) or dotted identifier, and value. */
export interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

/** A distinguished name (RFC 5280 section 4.1.2.4) in the order of the certificate. Total. */
export function decodeName(content: Uint8Array): NameAttribute[] {
  const found: NameAttribute[] = [];
  for (const set of decodeDerList(content)) {
    for (const pair of set.tag === tags.set ? decodeDerList(set.content) : []) {
      const [type, value] = decodeDerList(pair.content);
      if (type?.tag !== tags.oid || !value || found.length >= attributeLimit) continue;
      const oid = decodeOid(type.content);
      found.push({ type: ownValue(attributeNames, oid) ?? oid, value: decodeText(value) });
    }
  }
  return found;
}

/** Text of a string type (X.680 section 41): UTF-8, BMP and universal strings, else one character a byte. */
export function decodeText(element: DerElement): string {
  const bytes = element.content.subarray(0, textLimit);
  if (element.tag === tags.bmpString) return utf16be.decode(bytes.subarray(0, bytes.length & ~1));
  if (element.tag === tags.utf8) return utf8.decode(bytes);
  return latin1.decode(bytes);
}

/** `CN=www.example.com, O=Example`: attributes in their order. */
export function nameText(name: readonly NameAttribute[]): string {
  return name.map(({ type, value }) => `${type}=${value}`).join(', ');
}
