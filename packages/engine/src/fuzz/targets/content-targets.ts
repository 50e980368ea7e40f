import { parseExamples } from '@picket/checks/check-example';
import { compileCheck } from '@picket/checks/compile-check';
import { parseContentManifest } from '@picket/checks/content-manifest';
import { parseDsl } from '@picket/checks/dsl/parser';
import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';
import { runJq } from '@picket/checks/jq/evaluate';
import { parseJq } from '@picket/checks/jq/parser';
import { compilePattern } from '@picket/checks/regex';
import { parseServiceProbes } from '@picket/checks/service-probes/parse-service-probes';
import { ServiceProbeMatcher } from '@picket/checks/service-probes/service-probe-matcher';
import { evaluateXPath } from '@picket/checks/xpath/evaluate';
import { parseHtml, textOfNode } from '@picket/checks/xpath/html-tree';
import { parseXPath } from '@picket/checks/xpath/parser';
import { parseYamlTree } from '@picket/checks/yaml-tree';
import { type FuzzTarget, utf8 } from '../fuzz-target.ts';

const template = `id: example-check
info:
  name: "Example"
  author: picket
  severity: medium
  tags: example
http:
  - method: GET
    path: ["{{BaseURL}}/a?b={{randstr}}"]
    matchers-condition: and
    matchers:
      - type: word
        words: ["root:", "x"]
      - type: dsl
        dsl: ['status_code == 200 && contains(body, "a")']
    extractors:
      - type: regex
        regex: ["v([0-9.]+)"]
`;
const socketTemplate = `id: example-tcp
info: { name: "TCP", author: picket, severity: info, metadata: &m { proof: behaviour } }
tcp:
  - inputs: [{ data: "50494e47", type: hex, read: 1024 }]
    host: ["{{Hostname}}"]
    port: 6379
    matchers: [{ type: binary, binary: ["2b504f4e47"] }]
ssl:
  - address: "{{Host}}:{{Port}}"
    min_version: tls10
    cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]
`;
const workflow = `id: example-flow
info: { name: "Flow", severity: info }
workflows:
  - template: http/a.yaml
    matchers:
      - name: [one, two]
        condition: and
        subtemplates: [{ tags: "red,blue" }]
  - tags: [green]
    subtemplates: [{ template: ./own/ }]
`;
const fileTemplate = `id: example-files
info: { name: "Files", severity: info }
file:
  - extensions: [conf, .yaml]
    denylist: [log, secret.txt]
    max-size: 5Mb
    no-recursive: true
    extractors: [{ type: regex, regex: ["key=[a-z]+"] }]
`;
const fingerprints = `<?xml version="1.0" encoding="UTF-8"?>
<fingerprints matches="ssh.banner" protocol="ssh" database_type="service" preference="0.90">
  <fingerprint pattern="^OpenSSH_([\\d.]+)(p\\d+)?$" flags="REG_ICASE">
    <description>OpenSSH &amp; more</description>
    <example service.version="9.2" _encoding="base64">T3BlblNTSF85LjJwMQ==</example>
    <param pos="0" name="service.product" value="OpenSSH"/>
    <param pos="1" name="service.version"/>
  </fingerprint>
</fingerprints>
`;

const serviceProbes = `Exclude T:9100-9107
Probe TCP NULL q||
totalwaitms 6000
match ssh m|^SSH-([\\d.]+)-OpenSSH_([\\w._-]+)\\r?\\n|i p/OpenSSH/ v/$2/ i/protocol $1/ cpe:/a:openbsd:openssh:$2/a
softmatch ftp m|^220 [^\\r\\n]{1,64}ftp|i
Probe UDP DNSStatusRequest q|\\0\\0\\x10\\0\\0|
rarity 5
ports 53,135
sslports 853
fallback NULL
match domain m=^\\0\\0\\x90= p/$P(1)/ v/$SUBST(1,"_",".")/ h/$I(1,">")/
`;

const text = (bytes: Uint8Array) => new TextDecoder('utf-8').decode(bytes);

/** Everything that reads content: templates, their expressions and patterns, fingerprints, manifests. */
export const contentTargets: readonly FuzzTarget[] = [
  {
    name: 'content/template',
    covers: [],
    corpus: [template, socketTemplate, workflow, fileTemplate].map(utf8),
    maxLength: 1024,
    decode: (input) => {
      const compiled = compileCheck(text(input));
      return compiled.ok ? compiled.value.program() : compiled.error;
    },
  },
  {
    name: 'content/yaml',
    covers: [],
    corpus: [utf8(template), utf8(socketTemplate), utf8('a: &a [x, *a]\nb: !!binary "AA=="\n? c\n: d\n')],
    maxLength: 1024,
    decode: (input) => [parseYamlTree(text(input)), parseExamples(text(input))],
  },
  {
    name: 'content/recog-xml',
    covers: [],
    corpus: [utf8(fingerprints)],
    maxLength: 2048,
    // The compiled patterns are objects of the regular expression library: what counts is how many were read.
    decode: (input) => {
      const file = loadFingerprintFile(text(input), 'fuzz.xml');
      return file.ok ? [file.value.fingerprints.length, file.value.problems.length] : file.error;
    },
  },
  {
    name: 'content/service-probes',
    covers: [],
    corpus: [utf8(serviceProbes)],
    maxLength: 1024,
    decode: (input) => {
      const file = parseServiceProbes(text(input));
      const matcher = new ServiceProbeMatcher(file);
      const hits = file.probes.map((probe) => matcher.match(probe, input));
      return [file.probes.length, file.problems, matcher.unusable, hits];
    },
  },
  {
    name: 'content/expression',
    covers: [],
    corpus: ['status_code == 200 && contains(body, "a")', 'len(body) > 3 || !(regex("a+", body))', '((((1))))'].map(
      utf8,
    ),
    maxLength: 512,
    decode: (input) => parseDsl(text(input)),
  },
  {
    name: 'content/pattern',
    covers: [],
    corpus: ['(?i)server: ([a-z]+)/(\\d+\\.\\d+)', '[^\\x00-\\x1f]{1,200}(a|b)*?$', '(?P<v>a{2,3})+'].map(utf8),
    maxLength: 200,
    decode: (input) => typeof compilePattern(new TextDecoder('latin1').decode(input)),
  },
  {
    name: 'content/jq-filter',
    covers: [],
    corpus: [
      '.a[]|select(.b>1)|"\\(.c)"',
      'reduce .[] as $x (0;.+$x)',
      '[..|numbers]|{x:.[0]}',
      'if .a then .b? else 1//2 end',
    ].map(utf8),
    maxLength: 200,
    decode: (input) => {
      const filter = parseJq(text(input));
      return filter.ok ? runJq(filter.value, { a: [{ b: 2, c: 'x' }, 1, null] }, 20) : filter.error;
    },
  },
  {
    name: 'content/xpath',
    covers: [],
    corpus: ['//a[@href="x"]/text()', 'count(//*[position()=last()])+1', '/html/body/*[contains(.,"a")]|//b/..'].map(
      utf8,
    ),
    maxLength: 200,
    decode: (input) => {
      const path = parseXPath(text(input));
      const value = path.ok ? evaluateXPath(path.value, parseHtml('<a href=x>a<b>b</b></a>')) : null;
      return [path.ok, Array.isArray(value) ? value.map(textOfNode) : value];
    },
  },
  {
    name: 'content/page',
    covers: [],
    corpus: ['<html><p class="a">x<p>&amp;<!-- c --></html>', '<table><tr><td>1<td>2</table><script>a<b</script>'].map(
      utf8,
    ),
    maxLength: 1024,
    decode: (input) => textOfNode(parseHtml(text(input))),
  },
  {
    name: 'content/manifest',
    covers: [],
    corpus: [utf8('{"name":"starter","version":"1.0.0","engineLevel":1,"checks":63}')],
    decode: (input) => [parseContentManifest(text(input)), decodeText(input)],
  },
];
