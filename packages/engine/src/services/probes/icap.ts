import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** OPTIONS (RFC 3507 section 4.10): the status line is ICAP's own, `Server` or `Service` names the program. */
export const icap: ServiceProbe = {
  name: 'icap',
  help: 'Asks a content adaptation server for its options.',
  services: ['icap'],
  transport: 'tcp',
  opens: 'client',
  ports: [1344],
  tlsPorts: [],
  proved: 'server',
  next: (answers, { host }) =>
    answers.length === 0
      ? ascii(
          `OPTIONS icap://${host}/ ICAP/1.0\r\nHost: ${host}\r\nUser-Agent: Picket\r\nEncapsulated: null-body=0\r\n\r\n`,
        )
      : null,
  whole: (answer) => latin(answer).includes('\r\n\r\n'),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 4096));
    const status = /^ICAP\/1\.0 ([1-5][0-9]{2})[ \r\n]/.exec(text)?.[1];
    if (status === undefined) return null;
    const server =
      /^Server:[ \t]*([^\r\n]{1,120})/im.exec(text)?.[1] ?? /^Service:[ \t]*([^\r\n]{1,120})/im.exec(text)?.[1];
    const cIcap = /^C-ICAP\/([0-9]+\.[0-9]+\.[0-9]+)/.exec(server ?? '')?.[1];
    return {
      service: 'icap',
      info: `status ${status}${server ? `, ${server}` : ''}`,
      ...(cIcap
        ? { vendor: 'C-ICAP', product: 'C-ICAP', version: cIcap, cpe: `cpe:/a:c-icap_project:c-icap:${cIcap}` }
        : {}),
    };
  },
};
