import { createHash } from 'node:crypto';
import { decodeSshHostKey, type SshOffer } from '../clients/ssh-fields.ts';
import { ownIdentification, SshSession } from '../clients/ssh-session.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import type { ScriptArgs } from '../script-args.ts';
import { misuse, ScriptFault } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';

class SshClient {
  timeoutMs: number | null = null;
}

/** Names of the lists of a KEXINIT in a script, and in its JSON. */
function offerValue(offer: SshOffer): ScriptValue {
  const cookie = offer.cookie;
  const inScript = {
    Cookie: cookie,
    KexAlgos: offer.kex,
    ServerHostKeyAlgos: offer.hostKey,
    CiphersClientServer: offer.ciphersOut,
    CiphersServerClient: offer.ciphersIn,
    MACsClientServer: offer.macsOut,
    MACsServerClient: offer.macsIn,
    CompressionClientServer: offer.compressionOut,
    CompressionServerClient: offer.compressionIn,
    LanguagesClientServer: offer.languagesOut,
    LanguagesServerClient: offer.languagesIn,
    FirstKexFollows: offer.firstFollows,
    Reserved: 0,
  };
  const $json = {
    cookie: Buffer.from(cookie).toString('base64'),
    kex_algorithms: offer.kex,
    host_key_algorithms: offer.hostKey,
    client_to_server_ciphers: offer.ciphersOut,
    server_to_client_ciphers: offer.ciphersIn,
    client_to_server_macs: offer.macsOut,
    server_to_client_macs: offer.macsIn,
    client_to_server_compression: offer.compressionOut,
    server_to_client_compression: offer.compressionIn,
    first_kex_follows: offer.firstFollows,
    reserved: 0,
  };
  return { ...inScript, $json };
}

function hostKeyValue(blob: Uint8Array): ScriptValue {
  const { algorithm, kind, bits } = decodeSshHostKey(blob);
  const fingerprint = createHash('sha256').update(blob).digest('hex');
  return {
    raw: Buffer.from(blob).toString('base64'),
    algorithm,
    fingerprint_sha256: fingerprint,
    ...(kind === 'other' ? {} : { [`${kind}_public_key`]: { length: bits } }),
  };
}

async function session<T>(args: ScriptArgs, host: ScriptHost, talk: (session: SshSession) => Promise<T>): Promise<T> {
  const client = host.held(args, SshClient);
  const channel = await host.connect(args.text(1), args.port(2), {
    tls: false,
    ...(client.timeoutMs === null ? {} : { timeoutMs: client.timeoutMs }),
  });
  try {
    return await talk(new SshSession(channel, host.session.random));
  } finally {
    channel.close();
  }
}

/** Everything that a server tells before a log-in. What comes after the lists is left out where it cannot be had. */
const information: ScriptFunction = (args, host) =>
  session(args, host, async (ssh) => {
    const hello = await ssh.hello();
    const { raw, protocol, software, comment } = hello.id;
    const told = {
      Banner: '',
      ServerID: { Raw: raw, ProtoVersion: protocol, SoftwareVersion: software, Comment: comment },
      ClientID: { Raw: ownIdentification, ProtoVersion: '2.0', SoftwareVersion: 'Picket', Comment: '' },
      ServerKex: offerValue(hello.offer),
    };
    try {
      const { hostKey, choice } = await ssh.secure(hello);
      const selection = {
        Kex: choice.kex,
        HostKey: choice.hostKey,
        W: { Cipher: choice.cipherOut, MAC: choice.macOut, Compression: 'none' },
        R: { Cipher: choice.cipherIn, MAC: choice.macIn, Compression: 'none' },
      };
      const exchange = { DHKeyExchange: { server_host_key: hostKeyValue(hostKey) }, AlgorithmSelection: selection };
      return { ...told, ...exchange, UserAuth: (await ssh.waysToLogIn('root')) ?? ['none'] };
    } catch (error) {
      // The lists alone decide most checks; a server that is too old or too new for the rest has still told them.
      if (error instanceof ScriptFault) return { ...told, UserAuth: [] };
      throw error;
    }
  });

/** `nuclei/ssh`. */
export const sshFunctions: Readonly<Record<string, ScriptFunction>> = {
  'ssh.SSHClient': (_args, host) => host.hold(new SshClient()),
  'ssh.SSHClient.SetTimeout': (args, host) => {
    host.held(args, SshClient).timeoutMs = args.number(1, { from: 1, to: 30 }, 5) * 1000;
    return null;
  },
  'ssh.SSHClient.ConnectSSHInfoMode': information,
  'ssh.SSHClient.Connect': (args, host) =>
    session(args, host, async (ssh) => {
      const [user, password] = [args.text(3), args.text(4)];
      if (args.length < 5) throw misuse('Connect needs host, port, user and password');
      await ssh.secure(await ssh.hello());
      const ways = await ssh.waysToLogIn(user);
      if (ways === null) return true;
      host.login('ssh', args.port(2), user);
      await ssh.password(user, password);
      return true;
    }),
  'ssh.SSHClient.Close': () => true,
};
