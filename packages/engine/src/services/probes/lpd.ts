import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Short queue state (command 3; RFC 1179 section 5.3) of a queue that does not exist; nothing is printed. */
export const lpd: ServiceProbe = {
  name: 'lpd',
  help: 'Asks a line printer daemon for the state of a queue that does not exist.',
  services: ['printer'],
  transport: 'tcp',
  opens: 'client',
  ports: [515],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? ascii('\x03picket\n') : null),
  classify(answers, context) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 600));
    const says =
      /^(?:[^\n]{0,80}(?:lpd|lpsched)[^\n]{0,80}:|Printer: [^\n]{1,80}|no entries|Host name for your address|Your host does not have line printer access)/i.test(
        text,
      ) ||
      /picket[^\n]{0,60}(?:unknown|not exist|no such|not found|non-existent)|(?:unknown|non-existent|invalid)[^\n]{0,20}(?:printer|queue)/i.test(
        text,
      );
    return says && context.port === 515
      ? { service: 'printer', info: text.split('\n')[0] ?? '', confidence: 0.9 }
      : null;
  },
};
