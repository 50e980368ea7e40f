import { getRequest, httpWhole, jsonObject, parseHttpResponse } from '../http-response.ts';
import type { ServiceProbe } from '../probe.ts';

/** The Kubernetes API server: `/version`, or the Status object with which it refuses. */
export const kubernetes: ServiceProbe = {
  name: 'kubernetes',
  help: 'Asks the Kubernetes API server for its version.',
  services: ['http'],
  transport: 'tcp',
  opens: 'client',
  ports: [8001],
  tlsPorts: [6443, 16443],
  proved: 'specification',
  next: (answers, context) => (answers.length === 0 ? getRequest('/version', context) : null),
  whole: httpWhole,
  classify(answers) {
    const response = parseHttpResponse(answers[0] ?? new Uint8Array(0));
    const json = response ? jsonObject(response.body) : null;
    if (!json) return null;
    const named = { service: 'http', vendor: 'Kubernetes', product: 'Kubernetes API server' };
    if (typeof json.gitVersion === 'string' && typeof json.platform === 'string') {
      const version = /^v([0-9][0-9A-Za-z.+-]{0,40})$/.exec(json.gitVersion)?.[1];
      return version === undefined
        ? null
        : { ...named, version, cpe: `cpe:/a:kubernetes:kubernetes:${version.split(/[+-]/)[0] ?? version}` };
    }
    if (json.kind !== 'Status' || json.apiVersion !== 'v1' || typeof json.code !== 'number') return null;
    return { ...named, cpe: 'cpe:/a:kubernetes:kubernetes:-', info: `status ${json.code}` };
  },
};
