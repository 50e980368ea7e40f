import { getRequest, httpWhole, isRecord, jsonObject, parseHttpResponse } from '../http-response.ts';
import type { ServiceProbe } from '../probe.ts';

/** The root of the REST API names the product, its version and the cluster. */
export const elasticsearch: ServiceProbe = {
  name: 'elasticsearch',
  help: 'Asks the REST root for name and version of Elasticsearch or OpenSearch.',
  services: ['http'],
  transport: 'tcp',
  opens: 'client',
  ports: [9200, 9201],
  tlsPorts: [9200],
  proved: 'specification',
  next: (answers, context) => (answers.length === 0 ? getRequest('/', context) : null),
  whole: httpWhole,
  classify(answers) {
    const response = parseHttpResponse(answers[0] ?? new Uint8Array(0));
    const root = response ? jsonObject(response.body) : null;
    if (!root || !isRecord(root.version) || typeof root.cluster_name !== 'string' || typeof root.tagline !== 'string')
      return null;
    const version = root.version.number;
    if (typeof version !== 'string' || !/^[0-9][0-9A-Za-z.-]{0,30}$/.test(version)) return null;
    const openSearch = root.version.distribution === 'opensearch';
    return {
      service: 'http',
      vendor: openSearch ? 'OpenSearch' : 'Elastic',
      product: openSearch ? 'OpenSearch' : 'Elasticsearch',
      version,
      cpe: openSearch ? `cpe:/a:amazon:opensearch:${version}` : `cpe:/a:elastic:elasticsearch:${version}`,
      info: `cluster ${root.cluster_name.slice(0, 100)}`,
    };
  },
};
