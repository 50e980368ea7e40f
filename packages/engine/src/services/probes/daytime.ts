import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 867: the server sends the date and time as one line of text and closes. */
export const daytime: ServiceProbe = {
  name: 'daytime',
  help: 'Reads the line with date and time that the server sends.',
  services: ['daytime'],
  transport: 'tcp',
  opens: 'server',
  ports: [13],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers) {
    const text = latin(answers[0] ?? new Uint8Array(0));
    const begins = /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[ ,]|[0-9]{1,2}[ -][A-Z][A-Za-z]{2}|(?:19|20)[0-9]{2}-)/;
    if (text.length > 60 || !begins.test(text) || !/\b[0-9]{1,2}:[0-9]{2}:[0-9]{2}\b/.test(text)) return null;
    return { service: 'daytime', confidence: 0.8 };
  },
};
