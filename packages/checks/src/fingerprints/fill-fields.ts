import type { FingerprintParam } from './fingerprint-file.ts';

const placeholder = /\{([^\s{}]+)\}/g;

/**
 * Fields of a match: constants (pos 0) and captures first, then `{field}` in constants is replaced. A missing version in a
 * CPE becomes `-`, as recog has it; any other missing field drops the field that wanted it. Names that begin with
 * `_tmp.` are for interpolation only.
 */
export function fillFields(
  params: readonly FingerprintParam[],
  groups: readonly (string | null)[],
  protocol: string | null,
): Record<string, string> {
  const fields = new Map<string, string>();
  for (const param of params) {
    const value = param.pos === 0 ? param.value : groups[param.pos];
    if (value !== null && value !== undefined) fields.set(param.name, value);
  }
  if (protocol !== null && !fields.has('service.protocol')) fields.set('service.protocol', protocol);
  for (const param of params) {
    if (param.pos !== 0 || !param.value.includes('{')) continue;
    const filled = interpolate(param.name, param.value, fields);
    if (filled === null) fields.delete(param.name);
    else fields.set(param.name, filled);
  }
  return Object.fromEntries([...fields].filter(([name]) => !name.startsWith('_tmp.')));
}

function interpolate(name: string, template: string, fields: ReadonlyMap<string, string>): string | null {
  let missing = false;
  const filled = template.replace(placeholder, (_whole, wanted: string) => {
    const value = fields.get(wanted);
    if (value !== undefined) return value;
    if (name.endsWith('.cpe23') && wanted.endsWith('.version')) return '-';
    missing = true;
    return '';
  });
  return missing ? null : filled;
}
