import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Uses a platform as people and programs do, with secrets that are easy to find again, and prints every secret it saw as JSON.
 * Arguments: origin, file of the CA certificate, login, one-time password. Runs inside the platform's namespace.
 */
const [origin = '', caFile = '', login = '', oneTimePassword = ''] = process.argv.slice(2);
const ca = readFileSync(caFile, 'utf8');
const session = z.looseObject({ csrfToken: z.string().nullable(), termsVersion: z.string() });
const secrets: Record<string, string> = {
  oneTimePassword,
  password: 'canary-password-7f3a91c2',
  wrongPassword: 'canary-wrong-password-5d',
};
const answers: string[] = [];
let cookie = '';
let csrf = '';

function call(method: string, path: string, body?: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', cookie, 'x-picket-csrf': csrf };
    const sent = request(`${origin}${path}`, { method, ca, headers }, (answer) => {
      for (const line of answer.headers['set-cookie'] ?? []) cookie = line.split(';')[0] ?? '';
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => {
        if ((answer.statusCode ?? 0) >= 400) answers.push(text);
        resolve(text);
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function signIn(password: string): Promise<void> {
  const state = session.safeParse(JSON.parse(await call('POST', '/api/v1/session', { login, password })));
  if (state.success) csrf = state.data.csrfToken ?? '';
}

await signIn(secrets.wrongPassword ?? '');
await signIn(oneTimePassword);
const { termsVersion } = session.parse(JSON.parse(await call('GET', '/api/v1/session')));
await call('POST', '/api/v1/session/password', { current: oneTimePassword, next: 'short' });
const changed = session.parse(
  JSON.parse(await call('POST', '/api/v1/session/password', { current: oneTimePassword, next: secrets.password })),
);
csrf = changed.csrfToken ?? '';
await call('POST', '/api/v1/session/terms', { version: termsVersion });
const created = z.looseObject({ oneTimePassword: z.string() });
secrets.newAccount = created.parse(
  JSON.parse(await call('POST', '/api/v1/accounts', { login: 'canary', name: 'Canary', role: 'reader' })),
).oneTimePassword;
const provisioned = z.looseObject({ personalizationCode: z.string() });
secrets.personalization = provisioned.parse(
  JSON.parse(await call('POST', '/api/v1/appliances/provision', { name: 'canary', networkIds: [] })),
).personalizationCode;
secrets.wrongCode = '97531864209753';
await call('POST', '/api/v1/appliances/activate', { code: secrets.wrongCode });
await call('POST', '/api/v1/scans', { kind: 'scan', networkId: 1, targets: '010.1.2.3' });
secrets.cookie = cookie.split('=')[1] ?? '';
secrets.csrf = csrf;
const metrics = await call('GET', '/metrics');
process.stdout.write(`${JSON.stringify({ secrets, answers, metrics })}\n`);
