import { getRequest, httpWhole, jsonObject, parseHttpResponse } from '../http-response.ts';
import type { ServiceProbe } from '../probe.ts';

/** The Docker Engine API: `/version` answers without a login where the API is open. */
export const docker: ServiceProbe = {
  name: 'docker',
  help: 'Asks the Docker Engine API for its version.',
  services: ['docker'],
  transport: 'tcp',
  opens: 'client',
  ports: [2375, 4243],
  tlsPorts: [2376],
  proved: 'specification',
  next: (answers, context) => (answers.length === 0 ? getRequest('/version', context) : null),
  whole: httpWhole,
  classify(answers) {
    const response = parseHttpResponse(answers[0] ?? new Uint8Array(0));
    const json = response?.status === 200 ? jsonObject(response.body) : null;
    const version = json?.Version;
    if (typeof version !== 'string' || typeof json?.ApiVersion !== 'string' || !/^[0-9][^\s]{0,40}$/.test(version))
      return null;
    const os = json.Os;
    return {
      service: 'docker',
      vendor: 'Docker',
      product: 'Docker Engine',
      version,
      cpe: `cpe:/a:docker:engine:${version}`,
      info: `API ${json.ApiVersion.slice(0, 20)}`,
      ...(typeof os === 'string' ? { os: { product: os.slice(0, 40) } } : {}),
    };
  },
};
