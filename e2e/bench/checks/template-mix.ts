/** Deals numbers that look random and are the same in every run. */
function* dealt(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const words = [
  'console',
  'admin',
  'api',
  'status',
  'login',
  'config',
  'debug',
  'report',
  'node',
  'service',
  'data',
  'user',
];

/**
 * So many templates as a public collection holds them, by the shares that were counted in it: 49 % one plain GET (23 % of
 * these of the root, the rest of 2,480 paths), 23 % several requests, 30 % raw ones, 8 % payloads, 8 % values of one answer in the
 * next request, 23 % expressions, 7 % variables, 5 % intrusive ones.
 */
export function* templateMix(count: number): Generator<string> {
  const random = dealt(20_261_129);
  const chance = () => random.next().value ?? 0;
  const word = () => words[Math.floor(chance() * words.length)] ?? 'x';
  const path = () => `/${word()}/${word()}-${Math.floor(chance() * 200)}`;
  for (let at = 0; at < count; at += 1) {
    const kind = chance();
    const body =
      kind < 0.49
        ? plain(chance() < 0.23 ? '/' : `/app-${Math.floor(chance() * 2480)}/${word()}`)
        : kind < 0.68
          ? several([path(), path(), path()])
          : kind < 0.84
            ? raw(path(), word())
            : kind < 0.92
              ? payloads(path())
              : dependent(path(), path());
    const variables = chance() < 0.07 ? `variables:\n  token: "{{rand_base(8)}}"\n  mark: "{{md5('${at}')}}"\n` : '';
    const expression =
      chance() < 0.23
        ? `      - { type: dsl, dsl: ["len(body) > 10 && contains(tolower(body), 'never ${at}')"] }\n`
        : '';
    yield `id: mix-${at}
info:
  name: Mix ${at}
  severity: medium
  description: A template of the mix that the benchmark runs, number ${at}.
  tags: mix,${word()}${chance() < 0.05 ? ',intrusive' : ''}
${variables}http:
${body}    matchers-condition: and
    matchers:
      - { type: word, words: ["marker ${at} of a product", "<title>${word()} ${at}</title>"] }
${expression}      - { type: status, status: [200] }
`;
  }
}

const plain = (path: string) => `  - path: ["{{BaseURL}}${path}"]\n`;

const several = (paths: readonly string[]) =>
  `  - path:\n${paths.map((path) => `      - "{{BaseURL}}${path}"\n`).join('')}`;

const raw = (path: string, word: string) => `  - raw:
      - |
        POST ${path} HTTP/1.1
        Host: {{Hostname}}
        Content-Type: application/json

        {"query":"${word}","limit":1}
`;

const payloads = (path: string) => `  - path: ["{{BaseURL}}${path}?name={{name}}"]
    payloads: { name: [one, two, three] }
`;

const dependent = (first: string, second: string) => `  - raw:
      - |
        GET ${first} HTTP/1.1
        Host: {{Hostname}}
      - |
        GET ${second}?csrf={{csrf}} HTTP/1.1
        Host: {{Hostname}}
    extractors:
      - { type: regex, name: csrf, internal: true, regex: ['name="csrf" value="([a-z0-9]+)"'], group: 1 }
`;
