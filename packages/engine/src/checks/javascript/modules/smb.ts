import { smb2Negotiate, smb2SessionSetup } from '../../../services/smb2-message.ts';
import type { Channel } from '../channel.ts';
import {
  decodeSmb1Agreement,
  decodeSmb2Facts,
  decodeSmbNames,
  smb1Negotiate,
  smbFrameWhole,
} from '../clients/smb-facts.ts';
import { type NtlmAccount, ntlmAccount } from '@picket/ntlm/account';
import { SmbSession } from '../clients/smb-session.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import type { ScriptArgs } from '../script-args.ts';
import { foreignAnswer, ScriptFault } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';

async function session<T>(args: ScriptArgs, host: ScriptHost, talk: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await host.connect(args.text(1), args.port(2), { tls: false });
  try {
    return await talk(channel);
  } finally {
    channel.close();
  }
}

async function ask(channel: Channel, frame: Uint8Array): Promise<Uint8Array> {
  await channel.write(frame);
  return channel.takeWhile(smbFrameWhole);
}

/** A server without SMB 1 hangs up on it: that is an answer here, because SMB 2 was spoken before. */
async function speaksSmb1(args: ScriptArgs, host: ScriptHost): Promise<boolean> {
  try {
    return await session(
      args,
      host,
      async (channel) => decodeSmb1Agreement(await ask(channel, smb1Negotiate))?.agreed === true,
    );
  } catch (error) {
    if (error instanceof ScriptFault && error.failure?.reason === 'connection-failed') return false;
    throw error;
  }
}

const bits = { DFSSupport: 1, Leasing: 2, LargeMTU: 4, MultiChan: 8, Persist: 16, DirLeasing: 32, Encryption: 64 };

const information: ScriptFunction = async (args, host) => {
  const told = await session(args, host, async (channel) => {
    const facts = decodeSmb2Facts(await ask(channel, smb2Negotiate));
    return facts && { facts, names: decodeSmbNames(await ask(channel, smb2SessionSetup)) };
  }).catch((error: unknown) => {
    if (error instanceof ScriptFault && error.message.includes('hung up')) return null;
    throw error;
  });
  const old = await speaksSmb1(args, host);
  if (told === null) {
    if (!old) throw foreignAnswer('SMB');
    return { SupportV1: true, Version: version('1.0'), NTLM: '', HasNTLM: false };
  }
  const { facts, names } = told;
  const capabilities = Object.entries(bits).map(([name, bit]) => [name, (facts.capabilities & bit) !== 0] as const);
  return {
    SupportV1: old,
    NTLM: names === null ? '' : names.NetBIOSComputerName,
    HasNTLM: names !== null,
    GroupName: names?.NetBIOSDomainName ?? '',
    NativeOs: '',
    Version: version(facts.dialect),
    Capabilities: Object.fromEntries(capabilities),
    NegotiationLog: {
      SecurityMode: facts.securityMode,
      DialectRevision: facts.revision,
      ServerGuid: facts.guid,
      Capabilities: facts.capabilities,
      SystemTime: facts.systemTime,
      ServerStartTime: facts.startTime,
    },
  };
};

function version(dialect: string): ScriptValue {
  const [major = 0, minor = 0, revision = 0] = dialect.split('.').map(Number);
  return { Major: major, Minor: minor, Revision: revision, VerString: `SMB ${dialect}` };
}

async function sharesFor(args: ScriptArgs, host: ScriptHost, account: NtlmAccount | null): Promise<ScriptValue> {
  const channel = await host.connect(args.text(1), args.port(2), { tls: false });
  const smb = new SmbSession(channel, host.session);
  try {
    if (account !== null) host.login('smb', args.port(2), account.name);
    await smb.login(account);
    return (await smb.shares(host.endpoint.address)).map(({ name }) => name);
  } finally {
    await smb.logOff();
  }
}

/** A blank name and password mean nobody. Where nobody may list, a server may still take an unknown name for a guest. */
const listShares: ScriptFunction = async (args, host) => {
  const [name, password] = [args.text(3), args.text(4)];
  const account = ntlmAccount(name, password);
  if (name.trim() !== '' || password.trim() !== '') return sharesFor(args, host, account);
  try {
    return await sharesFor(args, host, null);
  } catch (error) {
    if (name === '' || !(error instanceof ScriptFault) || error.failure !== null) throw error;
    return sharesFor(args, host, account);
  }
};

/** `nuclei/smb`: nobody is logged in, but to list shares. */
export const smbFunctions: Readonly<Record<string, ScriptFunction>> = {
  'smb.SMBClient': (_args, host) => host.hold({}),
  'smb.SMBClient.ConnectSMBInfoMode': information,
  'smb.SMBClient.ListShares': listShares,
  'smb.SMBClient.ListSMBv2Metadata': (args, host) =>
    session(args, host, async (channel) => {
      const facts = decodeSmb2Facts(await ask(channel, smb2Negotiate));
      const names = facts && decodeSmbNames(await ask(channel, smb2SessionSetup));
      if (!facts || !names) throw foreignAnswer('SMB 2');
      const signing = {
        SigningEnabled: (facts.securityMode & 1) !== 0,
        SigningRequired: (facts.securityMode & 2) !== 0,
      };
      return { ...names, ...signing };
    }),
};
