import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const id = 'urn:uuid:5069636b-6574-4000-8000-000000000001';
/** Probe (WS-Discovery, April 2005, section 4.2) for any device, sent to the one host. */
const request = ascii(
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action><a:MessageID>${id}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe/></s:Body></s:Envelope>`,
);

/** Searches for web services on a device: printers, cameras, Windows hosts. */
export const wsDiscovery: ServiceProbe = {
  name: 'ws-discovery',
  help: 'Searches a device for web services: printers, cameras, Windows hosts.',
  services: ['ws-discovery'],
  transport: 'udp',
  opens: 'client',
  ports: [3702],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 8192));
    if (!text.includes('ProbeMatch') || !text.includes(id)) return null;
    const types = /<[\w-]{1,20}:Types[^>]{0,300}>([^<]{1,200})</.exec(text)?.[1];
    return { service: 'ws-discovery', ...(types ? { info: types.trim() } : {}) };
  },
};
