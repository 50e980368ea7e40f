import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, concat, hex, be16 } from '../bytes.ts';
import { header, httpWhole, parseHttpResponse } from '../http-response.ts';
import type { ServiceProbe } from '../probe.ts';

function attribute(tag: number, name: string, value: string): Uint8Array {
  return concat(Uint8Array.of(tag), be16(name.length), ascii(name), be16(value.length), ascii(value));
}

/** Get-Printer-Attributes (RFC 8011 section 4.2.5) for make and model; reads only. */
const operation = concat(
  hex('01 01 00 0b 00 00 00 01 01'),
  attribute(0x47, 'attributes-charset', 'utf-8'),
  attribute(0x48, 'attributes-natural-language', 'en'),
  attribute(0x45, 'printer-uri', 'ipp://localhost/ipp/print'),
  attribute(0x44, 'requested-attributes', 'printer-make-and-model'),
  hex('03'),
);

/** Asks a printer or print server for make and model over the Internet Printing Protocol. */
export const ipp: ServiceProbe = {
  name: 'ipp',
  help: 'Asks a printer or print server for make and model over the Internet Printing Protocol.',
  services: ['ipp'],
  transport: 'tcp',
  opens: 'client',
  ports: [631],
  tlsPorts: [631],
  proved: 'server',
  next(answers, context) {
    if (answers.length > 0) return null;
    const head = `POST /ipp/print HTTP/1.1\r\nHost: ${context.host}:${context.port}\r\nContent-Type: application/ipp\r\nContent-Length: ${operation.length}\r\nConnection: close\r\n\r\n`;
    return concat(ascii(head), operation);
  },
  whole: httpWhole,
  classify(answers) {
    const response = parseHttpResponse(answers[0] ?? new Uint8Array(0));
    const server = response ? (header(response, 'server') ?? '') : '';
    const speaks = response && (header(response, 'content-type') ?? '').startsWith('application/ipp');
    if (!response || (!speaks && !/\bIPP\/[12]/.test(server))) return null;
    const model = /printer-make-and-model[^]{2}([\x20-\x7e]{3,100})/.exec(
      decodeText(answers[0] ?? new Uint8Array(0)),
    )?.[1];
    return {
      service: 'ipp',
      ...(model ? { info: `printer ${model}` } : {}),
      ...(server === '' ? {} : { banners: [{ database: 'http_header.server', text: server }] }),
    };
  },
};
