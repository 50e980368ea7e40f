/** Groups of a match; each character is one byte. Group 0 is the whole match. */
export type ByteGroups = readonly (string | null)[];

const longest = 512;

const place = /\$(?:(\d)|P\((\d)\)|SUBST\((\d),"([^"]*)","([^"]*)"\)|I\((\d),"([<>])"\))/g;

/**
 * Fills the places of a template: `$1` a group, `$P(1)` its printable part, `$SUBST(1,"a","b")` with every a replaced by b,
 * `$I(1,">")` its bytes as an unsigned number (">" big-endian, "<" little-endian). Null when a group that is needed is not there, as when
 * the match was made without it. Total.
 */
export function fillTemplate(template: string, groups: ByteGroups): string | null {
  let missing = false;
  const group = (digit: string | undefined): string => {
    const text = groups[Number(digit)];
    if (text === undefined || text === null) missing = true;
    return text ?? '';
  };
  const filled = template.replaceAll(place, (...found: unknown[]) => {
    const [plain, printed, substituted, from = '', to = '', number, order] = found
      .slice(1, 8)
      .map((part) => (typeof part === 'string' ? part : undefined));
    if (plain !== undefined) return group(plain);
    if (printed !== undefined) return group(printed).replaceAll(/[^\x20-\x7e]/g, '');
    if (substituted !== undefined) return from === '' ? group(substituted) : group(substituted).replaceAll(from, to);
    const value = unsigned(group(number), order === '>');
    if (value === null) missing = true;
    return value ?? '';
  });
  return missing ? null : filled.slice(0, longest).trim();
}

const places = /(\$(?:\d|P\(\d\)|SUBST\(\d,"[^"]*","[^"]*"\)|I\(\d,"[<>]"\)))/;

/** A CPE name as a URI. What is filled in comes from the network: it is put in lower case and quoted, so that a colon in it separates nothing. */
export function fillCpe(template: string, groups: ByteGroups): string | null {
  const lower = groups.map((text) => text?.toLowerCase().trim().replaceAll(/\s+/g, '_') ?? null);
  let cpe = '';
  for (const [index, part] of template.split(places).entries()) {
    // Every second part is a place.
    const value = index % 2 === 0 ? part : fillTemplate(part, lower);
    if (value === null) return null;
    cpe += index % 2 === 0 ? value : encodeURIComponent(value);
  }
  return cpe.length > 256 ? null : cpe;
}

function unsigned(bytes: string, bigEndian: boolean): string | null {
  if (bytes.length === 0 || bytes.length > 8) return null;
  const ordered = bigEndian ? [...bytes] : [...bytes].toReversed();
  return ordered.reduce((sum, byte) => sum * 256n + BigInt(byte.charCodeAt(0) & 0xff), 0n).toString();
}
