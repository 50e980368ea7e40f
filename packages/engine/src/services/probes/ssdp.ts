import { ascii, latin } from '../bytes.ts';
import type { BannerText, ServiceProbe } from '../probe.ts';

/** Unicast M-SEARCH (UPnP Device Architecture 1.1, section 1.3.2). */
export const ssdp: ServiceProbe = {
  name: 'ssdp',
  help: 'Searches for UPnP root devices at the one host.',
  services: ['ssdp'],
  transport: 'udp',
  opens: 'client',
  ports: [1900],
  tlsPorts: [],
  proved: 'specification',
  next: (answers, context) =>
    answers.length === 0
      ? ascii(
          `M-SEARCH * HTTP/1.1\r\nHOST: ${context.host}:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n`,
        )
      : null,
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 4096));
    if (!/^HTTP\/1\.[01] 200/.test(text) || !/^(?:ST|USN):/im.test(text)) return null;
    const server = /^SERVER:[ \t]*([^\r\n]{1,200})/im.exec(text)?.[1];
    return {
      service: 'ssdp',
      ...(server ? { info: server, banners: bannersOf(server) } : {}),
    };
  },
};

/** The field names the product, and before it the system. */
function bannersOf(server: string): readonly BannerText[] {
  return ['ssdp_header.server', 'ssdp.system'].map((database) => ({ database, text: server }));
}
