import { compileCheck } from '@picket/checks/compile-check';
import { defaultCheckLimits } from '@picket/engine/checks/check-session';
import { createRunChecks } from '@picket/engine/checks/run-checks';
import { address, benchTools, webService } from './checks-session.ts';

/*
 * `ask-as-checks.ts PORT REQUESTS CONNECTIONS`: runs checks against a loopback web server, each request another path with three
 * matchers to judge, as a scan does it. Prints requests and seconds as JSON.
 */
const [port = 0, requests = 0, connections = 10] = process.argv.slice(2).map(Number);

function check(number: number, paths: number) {
  const list = Array.from({ length: paths }, (_, at) => `        - p${number}x${at}`).join('\n');
  const compiled = compileCheck(`id: bench-${number}
info: { name: Bench, severity: info }
http:
  - path: ["{{BaseURL}}/page/{{item}}"]
    payloads:
      item:
${list}
    matchers-condition: and
    matchers:
      - { type: status, status: [200] }
      - { type: word, part: header, words: [text/html] }
      - { type: dsl, dsl: ['contains(body, "root:x:0:0") || contains(tolower(body), "administration console")'] }
`);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const checks = Array.from({ length: connections }, (_, at) => check(at, Math.ceil(requests / connections)));
// More than a scan may ask of one port: with fewer, starting up would be measured.
const limits = {
  ...defaultCheckLimits,
  exchangesPerHost: requests * 2,
  exchangesPerPort: requests * 2,
  checkMs: 600_000,
};
const run = createRunChecks({ version: 'bench', checks }, limits);
const tools = { ...benchTools(), parallel: connections };
const started = performance.now();
let passed = 0;
for await (const event of run({ address, names: [], services: [webService(port)] }, tools)) {
  if (event.type === 'checked') passed += event.passed.length;
}
const seconds = (performance.now() - started) / 1000;
tools.close();
process.stdout.write(`${JSON.stringify({ requests, seconds, passed })}\n`);
process.exit(passed === checks.length ? 0 : 1);
