/**
 * CPE names in the two bindings that occur in fingerprints: the URI (`cpe:/a:openbsd:openssh:9.2p1`, NISTIR 7695 section 6.1)
 * and the formatted string (`cpe:2.3:a:openbsd:openssh:9.2p1:*:*:*:*:*:*:*`, section 6.2). Returns the formatted string, or null for
 * what is neither.
 */
export function toCpe23(name: string): string | null {
  if (name.startsWith('cpe:2.3:')) return fromFormatted(name);
  const uri = /^cpe:\/([aoh])((?::[^:]*){1,6})$/i.exec(name);
  if (!uri) return null;
  const parts = (uri[2] ?? '').split(':').slice(1).map(decodeUriPart);
  if (parts.some((part) => part === null)) return null;
  const [vendor = '*', product = '*', version = '*', update = '*', edition = '*', language = '*'] = parts.map(
    (part) => part ?? '*',
  );
  return [
    'cpe:2.3',
    (uri[1] ?? 'a').toLowerCase(),
    vendor,
    product,
    version,
    update,
    edition,
    language,
    '*',
    '*',
    '*',
    '*',
  ].join(':');
}

function fromFormatted(name: string): string | null {
  const parts = name.split(/(?<!\\):/).slice(2);
  if (parts.length < 3 || parts.length > 11 || !/^[aoh]$/.test(parts[0] ?? '')) return null;
  const filled = [...parts, ...Array<string>(11 - parts.length).fill('*')];
  return `cpe:2.3:${filled.map((part) => quote(part.replaceAll(/\\(.)/g, '$1'))).join(':')}`;
}

function decodeUriPart(part: string): string | null {
  if (part === '') return '*';
  try {
    return quote(decodeURIComponent(part).toLowerCase());
  } catch {
    return null;
  }
}

/** Escapes what is special in a formatted string; a lone `*` or `-` keeps its meaning. */
function quote(value: string): string {
  if (value === '*' || value === '-' || value === '') return value === '' ? '*' : value;
  return value.replaceAll(/\s+/g, '_').replaceAll(/[^A-Za-z0-9_.-]/g, (char) => `\\${char}`);
}
