import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '@picket/testkit/namespaces/run-command';

/** A certificate of the lab: file name, the name it is made out to, its key, and what is wrong with it. */
interface Leaf {
  readonly name: string;
  readonly subject: string;
  readonly alternativeNames: string;
  readonly key: readonly string[];
  readonly from?: string;
  readonly until?: string;
}

const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const addresses = Array.from({ length: 50 }, (_, index) => index + 10).flatMap((host) => [
  `IP:10.99.0.${host}`,
  `IP:fd99::${host}`,
]);
const anyHost = ['DNS:good.lab.test', ...addresses].join(',');

const leaves: readonly Leaf[] = [
  { name: 'good', subject: '/CN=good.lab.test', alternativeNames: anyHost, key: ecKey },
  { name: 'wrong-name', subject: '/CN=other.example', alternativeNames: 'DNS:other.example', key: ecKey },
  { name: 'weak-key', subject: '/CN=weak.lab.test', alternativeNames: anyHost, key: ['-newkey', 'rsa:1024'] },
  {
    name: 'expired',
    subject: '/CN=expired.lab.test',
    alternativeNames: anyHost,
    key: ecKey,
    from: '20200101000000Z',
    until: '20210101000000Z',
  },
];

/**
 * Makes the lab's certificate authority and its certificates in a folder: NAME.crt and NAME.key, the authority as `ca.crt`. All but
 * `self-signed` are signed by that authority; the good one names every host of the lab.
 */
export async function makeCertificates(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  await writeFile(at('ca.cnf'), authorityConfiguration(folder));
  await writeFile(at('index.txt'), '');
  const selfSign = (name: string, subject: string, more: readonly string[] = []) => {
    const files = ['-nodes', '-keyout', at(`${name}.key`), '-out', at(`${name}.crt`), '-subj', subject];
    return mustRun(['openssl', 'req', '-x509', ...ecKey, ...files, '-days', '60', ...more]);
  };
  await selfSign('ca', '/CN=Lab authority');
  await selfSign('self-signed', '/CN=self.lab.test', ['-addext', `subjectAltName=${anyHost}`]);
  for (const leaf of leaves) await sign(folder, leaf);
}

async function sign(folder: string, leaf: Leaf): Promise<void> {
  const at = (name: string) => join(folder, name);
  const now = Date.now();
  const from = leaf.from ?? opensslTime(now - 86_400_000);
  const until = leaf.until ?? opensslTime(now + 60 * 86_400_000);
  const request = ['-nodes', '-keyout', at(`${leaf.name}.key`), '-out', at(`${leaf.name}.csr`), '-subj', leaf.subject];
  await mustRun(['openssl', 'req', '-new', ...leaf.key, ...request]);
  await writeFile(
    at(`${leaf.name}.ext`),
    `[leaf]\nsubjectAltName=${leaf.alternativeNames}\nbasicConstraints=CA:FALSE\n`,
  );
  const extensions = ['-extfile', at(`${leaf.name}.ext`), '-extensions', 'leaf'];
  const files = ['-in', at(`${leaf.name}.csr`), '-out', at(`${leaf.name}.crt`), '-notext'];
  const dates = ['-startdate', from, '-enddate', until];
  await mustRun(['openssl', 'ca', '-batch', '-config', at('ca.cnf'), ...files, ...dates, ...extensions]);
}

function opensslTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}

function authorityConfiguration(folder: string): string {
  return `[ca]
default_ca = lab
[lab]
database = ${folder}/index.txt
new_certs_dir = ${folder}
certificate = ${folder}/ca.crt
private_key = ${folder}/ca.key
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
`;
}
