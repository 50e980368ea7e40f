import { err, ok, type Result } from '@picket/base/result';
import type { MatchLine, VersionTemplates } from './service-probe-file.ts';

const fieldNames = { p: 'product', v: 'version', i: 'info', h: 'hostname', o: 'os', d: 'device' } as const;
const mostCpes = 8;

type Fields = { -readonly [K in keyof VersionTemplates]: VersionTemplates[K] } & { cpes: string[] };

/** Reads what follows `match` or `softmatch`: the service, the pattern, and for a match what it says of the software. Total. */
export function parseMatchLine(rest: string, line: number, soft: boolean): Result<MatchLine, string> {
  const head = /^([A-Za-z0-9][^\s]{0,63})\s+m(.)/s.exec(rest);
  if (!head) return err('wants a service name and then a pattern, as in "ftp m/^220 /".');
  const [whole, written = '', delimiter = ''] = head;
  if (/[\sA-Za-z0-9\\]/.test(delimiter)) return err(`a pattern can't stand between "${delimiter}" and "${delimiter}".`);
  const start = whole.length;
  const end = rest.indexOf(delimiter, start);
  if (end < 0) return err(`the pattern has no second "${delimiter}".`);
  const flags = /^[A-Za-z]*/.exec(rest.slice(end + 1))?.[0] ?? '';
  const unknown = flags.replaceAll(/[is]/g, '');
  if (unknown !== '') return err(`the option "${unknown}" of a pattern is not known; there are i and s.`);
  const templates = parseFields(rest.slice(end + 1 + flags.length));
  if (!templates.ok) return templates;
  const tls = written.startsWith('ssl/');
  return ok({
    line,
    service: tls ? written.slice(4) : written,
    tls,
    soft,
    pattern: rest.slice(start, end),
    ignoreCase: flags.includes('i'),
    dotAll: flags.includes('s'),
    templates: templates.value,
  });
}

/** Fields such as `p/OpenSSH/ v/$1/ cpe:/a:openbsd:openssh:$1/`, each with a delimiter of its own choice. */
function parseFields(text: string): Result<VersionTemplates, string> {
  const fields: Fields = { cpes: [] };
  let rest = text.trimStart();
  while (rest !== '') {
    const head = /^(cpe:|[A-Za-z])(.)/s.exec(rest);
    if (!head) return err(`"${rest.slice(0, 20)}" is no field; fields are p, v, i, h, o, d and cpe:.`);
    const [whole, letter = '', delimiter = ''] = head;
    const end = rest.indexOf(delimiter, whole.length);
    if (/\s/.test(delimiter) || end < 0) return err(`the field "${letter}" has no second "${delimiter}".`);
    const value = rest.slice(whole.length, end);
    if (letter === 'cpe:') fields.cpes.push(`cpe:/${value}`);
    else {
      const name = Object.hasOwn(fieldNames, letter) ? fieldNames[letter as keyof typeof fieldNames] : undefined;
      if (name === undefined) return err(`"${letter}" is no field; fields are p, v, i, h, o, d and cpe:.`);
      if (fields[name] !== undefined) return err(`the field "${letter}" stands there twice.`);
      fields[name] = value;
    }
    // A name of a platform may carry an "a": it is meant to be added to by the reader. It says nothing about the service.
    const after = /^[a-z]?(?=\s|$)/.exec(rest.slice(end + 1));
    if (!after) return err(`after the field "${letter}" a blank is wanted.`);
    rest = rest.slice(end + 1 + after[0].length).trimStart();
  }
  return fields.cpes.length > mostCpes ? err(`there are more than ${mostCpes} CPE names.`) : ok(fields);
}
