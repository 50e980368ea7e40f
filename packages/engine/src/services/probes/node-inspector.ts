import { getRequest, httpWhole, jsonObject, parseHttpResponse } from '../http-response.ts';
import type { ServiceProbe } from '../probe.ts';

/** The debugger of Node.js and of Chromium tells its version under `/json/version`; whoever reaches it can run code. */
export const nodeInspector: ServiceProbe = {
  name: 'node-inspector',
  help: 'Asks an open debugger of Node.js or Chromium for its version.',
  services: ['http'],
  transport: 'tcp',
  opens: 'client',
  ports: [9229, 9222],
  tlsPorts: [],
  proved: 'server',
  // Only requests for an address are answered, not for a name.
  next: (answers, context) =>
    answers.length === 0 ? getRequest('/json/version', { ...context, host: '127.0.0.1' }) : null,
  whole: httpWhole,
  classify(answers) {
    const response = parseHttpResponse(answers[0] ?? new Uint8Array(0));
    const json = response?.status === 200 ? jsonObject(response.body) : null;
    const browser = json?.Browser;
    if (typeof browser !== 'string' || typeof json?.['Protocol-Version'] !== 'string') return null;
    const [name, version] = browser.split('/v').length > 1 ? browser.split('/v') : browser.split('/');
    if (!name || !version || !/^[0-9][0-9A-Za-z.-]{0,30}$/.test(version)) return null;
    const node = name === 'node.js';
    return {
      service: 'http',
      vendor: node ? 'Node.js' : 'Google',
      product: node ? 'Node.js' : name.slice(0, 40),
      version,
      info: 'open debugger (DevTools protocol)',
      cpe: node ? `cpe:/a:nodejs:node.js:${version}` : `cpe:/a:google:chrome:${version}`,
    };
  },
};
