import type { BannerText, ServiceProbe } from '../probe.ts';
import {
  getRequest,
  header,
  htmlTitle,
  httpWhole,
  jsonObject,
  parseHttpResponse,
  type HttpResponse,
} from '../http-response.ts';

/** RFC 9112: anything that answers a GET with an HTTP status line. Products come from fingerprints of what it says of itself. */
export const http: ServiceProbe = {
  name: 'http',
  help: 'Asks for the start page; header lines, cookies and the title go to the fingerprints.',
  services: ['http', 'ipp', 'http-proxy'],
  transport: 'tcp',
  opens: 'client',
  ports: [
    80, 81, 88, 631, 3000, 3128, 5000, 5601, 5985, 7001, 8000, 8008, 8080, 8081, 8082, 8086, 8088, 8090, 8888, 8983,
    9000, 9090, 9200, 15672,
  ],
  tlsPorts: [443, 4443, 5986, 6443, 7443, 8443, 9443, 10250, 10443],
  fallbackRank: 1,
  proved: 'server',
  next: (answers, context) => (answers.length === 0 ? getRequest('/', context) : null),
  whole: httpWhole,
  classify(answers, context) {
    const response = parseHttpResponse(answers[0] ?? new Uint8Array(0));
    if (!response) return null;
    const title = htmlTitle(response.body);
    const refine = refinement(response, context.port);
    const server = header(response, 'server') ?? '';
    const service = /\bIPP\//.test(server)
      ? 'ipp'
      : /^(?:squid|tinyproxy|privoxy|mitmproxy)\b/i.test(server)
        ? 'http-proxy'
        : 'http';
    return {
      service,
      banners: httpBanners(response, title),
      info: `status ${response.status}${title === null ? '' : `, title "${title}"`}`,
      ...(refine === null ? {} : { refineWith: refine }),
    };
  },
};

/** What fingerprints judge, most telling first. `http_headers` and `http_body` are ours, the rest are recog's names. */
function httpBanners(response: HttpResponse, title: string | null): BannerText[] {
  const texts: BannerText[] = [{ database: 'http_headers', text: response.rawHeaders }];
  const json = jsonObject(response.body);
  if (json) texts.push({ database: 'http_body', text: response.body.slice(0, 8192) });
  for (const [name, value] of response.headers) {
    if (name === 'server') texts.push({ database: 'http_header.server', text: value });
  }
  if (title !== null) texts.push({ database: 'html_title', text: title });
  for (const [name, value] of response.headers) {
    if (name === 'x-powered-by') texts.push({ database: 'http_header.x-powered-by', text: value });
    else if (name === 'www-authenticate') texts.push({ database: 'http_header.wwwauth', text: value });
    else if (name === 'set-cookie') texts.push({ database: 'http_header.cookie', text: value.split(';')[0] ?? '' });
  }
  return texts.slice(0, 24);
}

/** Another probe that knows how to ask this product for its version. */
function refinement(response: HttpResponse, port: number): string | null {
  const json = jsonObject(response.body);
  if (header(response, 'api-version') !== null && json?.message === 'page not found') return 'docker';
  if (json?.kind === 'Status' && json.apiVersion === 'v1') return 'kubernetes';
  if (response.headers.some(([name, value]) => name === 'www-authenticate' && /^(?:NTLM|Negotiate)\b/i.test(value)))
    return 'http-ntlm';
  // Windows Remote Management asks for a login on its own path only.
  return (port === 5985 || port === 5986) && /^Microsoft-HTTPAPI\b/.test(header(response, 'server') ?? '')
    ? 'http-ntlm'
    : null;
}
