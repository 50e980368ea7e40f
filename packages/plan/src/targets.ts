import { cidrRange, familyBits, formatRange, type IpAddress, type IpRange, parseIp } from '@picket/base/ip';
import { err, ok, type Result } from '@picket/base/result';

/**
 * What a person may write as a target: an address, a CIDR prefix, a range (`10.0.0.1-10.0.0.9`, short form
 * `10.0.0.1-9`), or a DNS name; several separated by commas, blanks or lines; `#` starts a comment.
 */
export type TargetItem =
  | { readonly kind: 'range'; readonly text: string; readonly range: IpRange }
  | { readonly kind: 'name'; readonly text: string; readonly name: string };

export interface TargetError {
  /** What stood there, cut to 80 characters. */
  readonly item: string;
  /** Line (from 1) on which it stood. */
  readonly line: number;
  /** Names the thing, the reason and the way out. */
  readonly message: string;
}

export interface ParsedTargets {
  readonly items: readonly TargetItem[];
  readonly errors: readonly TargetError[];
}

/** Longest target list read, characters; and most items. */
export const targetTextLimit = 1_000_000;
export const targetItemLimit = 20_000;

/** Reads a target list. Every bad item gives one error; the good ones are read all the same. */
export function parseTargets(text: string): ParsedTargets {
  if (text.length > targetTextLimit) {
    return {
      items: [],
      errors: [
        { item: '', line: 1, message: `The target list is longer than ${targetTextLimit} characters. Split it.` },
      ],
    };
  }
  const items: TargetItem[] = [];
  const errors: TargetError[] = [];
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    for (const written of (lineText.split('#')[0] ?? '').split(/[\s,;]+/)) {
      if (written === '') continue;
      if (items.length + errors.length >= targetItemLimit) {
        errors.push({
          item: '',
          line: index + 1,
          message: `There are more than ${targetItemLimit} items. Use prefixes or ranges, or split the list.`,
        });
        return { items, errors };
      }
      const item = parseTarget(written);
      if (item.ok) items.push(item.value);
      else errors.push({ item: written.slice(0, 80), line: index + 1, message: item.error });
    }
  }
  return { items, errors };
}

/** One target; the error is a whole sentence. */
export function parseTarget(text: string): Result<TargetItem, string> {
  if (text.includes('/')) return parseCidr(text);
  const dash = text.indexOf('-');
  if (dash > 0 && looksNumeric(text.slice(0, dash))) return parseTargetRange(text, dash);
  if (looksNumeric(text)) {
    const address = parseIp(text);
    if (!address.ok) return err(`"${shorten(text)}" is not an address: ${address.error.reason}.${octalHint(text)}`);
    return ok({ kind: 'range', text, range: single(address.value) });
  }
  return parseName(text);
}

/** Anything of digits and dots only, with 0x, or with a colon is meant as an address: never taken for a name. */
function looksNumeric(text: string): boolean {
  return text.includes(':') || /^[0-9.]+$/.test(text) || /^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*$/i.test(text);
}

function octalHint(text: string): string {
  return /(^|\.)0[0-9x]/i.test(text) ? ' Write each octet in decimal without leading zeros.' : '';
}

function parseCidr(text: string): Result<TargetItem, string> {
  const [addressText = '', prefixText = '', ...more] = text.split('/');
  if (/^https?:$/i.test(addressText)) return err(`"${shorten(text)}" is a URL. Write only the host name or address.`);
  if (more.length > 0) return err(`"${shorten(text)}" has more than one "/".`);
  const address = parseIp(addressText);
  if (!address.ok) return err(`"${shorten(text)}" is not a prefix: ${address.error.reason}.${octalHint(addressText)}`);
  const bits = familyBits(address.value.family);
  if (!/^[0-9]{1,3}$/.test(prefixText) || Number(prefixText) > bits) {
    return err(
      `"${shorten(text)}": the prefix length must be a number from 0 to ${bits}, not "${shorten(prefixText)}".`,
    );
  }
  return ok({ kind: 'range', text, range: cidrRange(address.value, Number(prefixText)) });
}

function parseTargetRange(text: string, dash: number): Result<TargetItem, string> {
  const firstText = text.slice(0, dash);
  const lastText = text.slice(dash + 1);
  const first = parseIp(firstText);
  if (!first.ok)
    return err(
      `"${shorten(text)}" is not a range: its start has a fault, ${first.error.reason}.${octalHint(firstText)}`,
    );
  const last =
    first.value.family === 4 && /^[0-9]{1,3}$/.test(lastText) ? lastOctet(first.value, lastText) : parseIp(lastText);
  if (!last.ok)
    return err(`"${shorten(text)}" is not a range: its end has a fault, ${last.error.reason}.${octalHint(lastText)}`);
  if (last.value.family !== first.value.family) return err(`"${shorten(text)}" mixes IPv4 and IPv6.`);
  if (last.value.bits < first.value.bits) {
    return err(
      `"${shorten(text)}" runs backwards: its end is smaller than its start. Write the smaller address first.`,
    );
  }
  return ok({
    kind: 'range',
    text,
    range: { family: first.value.family, first: first.value.bits, last: last.value.bits },
  });
}

function lastOctet(first: IpAddress, text: string): Result<IpAddress, { reason: string }> {
  const octet = Number(text);
  if (octet > 255) return err({ reason: `octet ${octet} is larger than 255` });
  return ok({ family: 4, bits: ((first.bits >> 8n) << 8n) | BigInt(octet) });
}

/** Host names as in RFC 1123 section 2.1, underscores tolerated; ASCII only (write IDNs in their xn-- form). */
function parseName(text: string): Result<TargetItem, string> {
  const name = text.toLowerCase().replace(/\.$/, '');
  if (name.length > 253) return err(`"${shorten(text)}" is longer than the 253 characters that a DNS name may have.`);
  const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
  for (const part of name.split('.')) {
    if (!label.test(part)) {
      return err(
        `"${shorten(text)}" is neither an address, a prefix (10.0.0.0/24), a range (10.0.0.1-10.0.0.9) nor a host name.`,
      );
    }
  }
  return ok({ kind: 'name', text, name });
}

function single(address: IpAddress): IpRange {
  return { family: address.family, first: address.bits, last: address.bits };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The item as it is stored and shown: canonical addresses, lower-case names. */
export function formatTarget(item: TargetItem): string {
  return item.kind === 'name' ? item.name : formatRange(item.range);
}
