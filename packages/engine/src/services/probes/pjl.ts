import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Leaves the page language, asks the printer job language for the model, leaves again: a printer without PJL prints the words. */
const request = ascii('\x1b%-12345X@PJL INFO ID\r\n\x1b%-12345X\r\n');

/** Asks a raw print port for the model of the printer. */
export const pjl: ServiceProbe = {
  name: 'pjl',
  help: 'Asks a raw print port for the model of the printer; a printer without PJL may print the question.',
  services: ['pdl-datastream'],
  transport: 'tcp',
  opens: 'client',
  ports: [9100, 9101, 9102, 9103, 9104, 9105, 9106, 9107],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => latin(answer).includes('\f'),
  classify(answers) {
    const model = /^@PJL INFO ID\r?\n"?([^"\r\n]{2,100})"?\r?\n/.exec(
      latin(answers[0] ?? new Uint8Array(0)).slice(0, 300),
    )?.[1];
    return model === undefined ? null : { service: 'pdl-datastream', product: model };
  },
};
