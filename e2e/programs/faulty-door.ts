import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { parseArgs } from 'node:util';

/**
 * A door before a platform, or a proxy, that misbehaves on demand: `--listen HOST:PORT --to HOST:PORT --mode FILE`. At each connection the first word of FILE
 * says what it does:
 *
 * - `pass`: it forwards. `silent`: it takes the connection and says nothing. `ssh`: it speaks SSH. `close`: it ends the connection at the first bytes.
 * - `tls FOLDER`: it ends TLS with the `cert.pem` and `key.pem` of that folder, and answers every request by HTTP 502.
 * - `terminate FOLDER`: it ends TLS with that certificate and hands what comes in to the platform, as a load balancer does.
 * - `tunnel`: a proxy that opens the tunnel. `status CODE`: a proxy that answers so. `offer SCHEME`: one that asks for a login by this method, whatever comes.
 *   `ntlm-close`, `ntlm-status CODE`: one that asks for NTLM and, after the first message of the exchange, ends the connection or answers so.
 */
const option = { type: 'string' } as const;
const { values } = parseArgs({ options: { listen: option, to: option, mode: option } });
const endpoint = (text = '') => {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
};

const server = createServer((client) => {
  client.on('error', () => client.destroy());
  const [mode = '', word = ''] = readFileSync(values.mode ?? '', 'utf8')
    .trim()
    .split(' ');
  if (mode === 'pass') forward(client);
  else if (mode === 'ssh') client.write('SSH-2.0-OpenSSH_9.2\r\n');
  else if (mode === 'close') client.once('data', () => client.end());
  else if (mode === 'tls') serveTls(client, word);
  else if (mode === 'terminate') terminate(client, word);
  else if (mode !== 'silent') proxy(client, mode, word);
});

function forward(client: Socket): void {
  const upstream = connect(endpoint(values.to));
  upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.on('close', () => upstream.destroy());
  client.pipe(upstream).pipe(client);
}

function endTls(client: Socket, folder: string): TLSSocket {
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(`${folder}/${name}`));
  const stream = new TLSSocket(client, { isServer: true, secureContext: createSecureContext({ cert, key }) });
  stream.on('error', () => client.destroy());
  return stream;
}

function terminate(client: Socket, folder: string): void {
  const stream = endTls(client, folder);
  // A door is nobody's protection: which platform it is, the test knows.
  const upstream = connectTls({ ...endpoint(values.to), rejectUnauthorized: false });
  upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.on('close', () => upstream.destroy());
  stream.pipe(upstream).pipe(stream);
}

function serveTls(client: Socket, folder: string): void {
  const stream = endTls(client, folder);
  stream.on('data', () => stream.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'));
}

/** Answers one request head after the other. */
function proxy(client: Socket, mode: string, word: string): void {
  let head = '';
  const onData = (chunk: Buffer) => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    const request = head;
    head = '';
    if (mode === 'tunnel') {
      client.off('data', onData);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      forward(client);
      return;
    }
    const inExchange = /^proxy-authorization: NTLM /im.test(request);
    if (mode === 'ntlm-close' && inExchange) client.end();
    else if (mode === 'status' || (mode === 'ntlm-status' && inExchange)) client.write(answer(word));
    else client.write(answer('407', mode === 'offer' ? word : 'NTLM'));
  };
  client.on('data', onData);
}

function answer(status: string, scheme: string | null = null): string {
  const login = scheme === null ? '' : `proxy-authenticate: ${scheme}\r\n`;
  return `HTTP/1.1 ${status} Misbehaves\r\n${login}content-length: 0\r\n\r\n`;
}

server.listen(endpoint(values.listen), () => process.stdout.write('door ready\n'));
