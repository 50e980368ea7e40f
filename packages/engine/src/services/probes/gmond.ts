import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A Ganglia monitor pours out XML: the document type first, then `<GANGLIA_XML VERSION="..." SOURCE="...">`. */
export const gmond: ServiceProbe = {
  name: 'gmond',
  help: 'Reads the XML that a Ganglia monitor sends to everybody.',
  services: ['gmond'],
  transport: 'tcp',
  opens: 'server',
  ports: [8649],
  tlsPorts: [],
  proved: 'server',
  // The document type alone fills two kilobytes: read on.
  next: (answers) => (answers.length === 1 && root(answers) === null ? new Uint8Array(0) : null),
  whole: (answer, index) => index === 0 || latin(answer).includes('<GANGLIA_XML VERSION='),
  classify(answers) {
    if (!/^<\?xml [^>]{0,100}>\s*<!DOCTYPE GANGLIA_XML/.test(latin((answers[0] ?? new Uint8Array(0)).subarray(0, 400))))
      return null;
    const version = root(answers);
    return {
      service: 'gmond',
      vendor: 'Ganglia',
      product: 'Ganglia monitor',
      ...(version ? { version, cpe: `cpe:/a:ganglia:ganglia:${version}` } : {}),
    };
  },
};

function root(answers: readonly Uint8Array[]): string | null {
  const text = answers.map((answer) => latin(answer)).join('');
  return /<GANGLIA_XML VERSION="([0-9][0-9A-Za-z.]{0,20})"/.exec(text)?.[1] ?? null;
}
