import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** OPTIONS of RTSP 1.0 (RFC 2326 section 10.1). */
export const rtsp: ServiceProbe = {
  name: 'rtsp',
  help: 'Asks for OPTIONS.',
  services: ['rtsp'],
  transport: 'tcp',
  opens: 'client',
  ports: [554, 8554, 5544, 7447, 5554],
  tlsPorts: [322],
  proved: 'specification',
  next: (answers) =>
    answers.length === 0 ? ascii('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Picket\r\n\r\n') : null,
  whole: (answer) => latin(answer).includes('\r\n\r\n'),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 8192));
    const status = /^RTSP\/[12]\.0 ([1-5][0-9]{2}) /.exec(text)?.[1];
    if (status === undefined) return null;
    const server = /^Server:[ \t]*([^\r\n]{1,200})/im.exec(text)?.[1];
    return {
      service: 'rtsp',
      info: `status ${status}`,
      banners: server === undefined ? [] : [{ database: 'rtsp_header.server', text: server }],
    };
  },
};
