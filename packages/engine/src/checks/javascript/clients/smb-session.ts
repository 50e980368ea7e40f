import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import type { NtlmAccount } from '@picket/ntlm/account';
import { fileTime, ntlmAuthenticate } from '@picket/ntlm/authenticate';
import { findChallenge } from '@picket/ntlm/challenge';
import { concat, u32be } from '../../../services/bytes.ts';
import { decodeRpcReply, rpcBind, rpcRequest } from '../../../services/dce-rpc.ts';
import { smb2Header, smbFrame } from '../../../services/smb2-header.ts';
import { decodeNegotiated, smb2Negotiate, smb2SessionSetup } from '../../../services/smb2-message.ts';
import { type Channel, fault } from '../channel.ts';
import { foreignAnswer, misuse, notNow, refusal, type ScriptFault } from '../script-fault.ts';
import { spnegoResponse } from './spnego-response.ts';
import {
  decodeShareList,
  serverService,
  type Share,
  shareEnumArguments,
  shareEnumOperation,
} from './share-enumeration.ts';
import { signed } from './smb-signing.ts';
import {
  decodeSmb2FileId,
  decodeSmb2Output,
  decodeSmb2Response,
  decodeSmb2SessionFlags,
  smb2Commands,
  smb2OpenPipe,
  smb2Read,
  type Smb2Response,
  smb2Setup,
  smb2Transceive,
  smb2TreeConnect,
} from './smb2-pipe.ts';

/** Longest message of the server, and of an answer from a pipe, bytes. */
const [mostMessage, mostPipe] = [200_000, 524_288];
/** Words that an answer comes later, before it does. */
const mostInterim = 20;

/** Status codes (MS-ERREF section 2.3.1) that go on. */
const [moreProcessing, bufferOverflow] = [0xc0000016, 0x80000005];
const accessDenied = 0xc0000022;
/** Those with which a server says no to an account or to what it asks for. */
const refusals = new Set([
  0xc0000022, 0xc000006d, 0xc000006e, 0xc000006f, 0xc0000070, 0xc0000071, 0xc0000072, 0xc0000193, 0xc0000224,
  0xc0000234, 0xc000015b, 0xc0000064, 0xc000006a, 0xc00000cc, 0xc0000034, 0xc00000ca, 0xc0000061, 0xc0000190,
  0xc000018d,
]);

/** A session of SMB 2 or 3 (MS-SMB2), up to the pipes of a server: one request after the other. */
export class SmbSession {
  readonly #channel: Channel;
  readonly #tools: { readonly clock: Clock; readonly random: Random };
  #dialect = '';
  #last = 1;
  #sessionId: Uint8Array = new Uint8Array(8);
  #treeId = 0;
  #key: Uint8Array | null = null;

  constructor(channel: Channel, tools: { readonly clock: Clock; readonly random: Random }) {
    this.#channel = channel;
    this.#tools = tools;
  }

  /** Agrees on a dialect and logs in; null: as nobody. */
  async login(account: NtlmAccount | null): Promise<void> {
    await this.#channel.write(smb2Negotiate);
    const agreed = decodeNegotiated(await this.#frame());
    if (agreed === null) throw foreignAnswer('SMB 2');
    this.#dialect = agreed.dialect;
    await this.#channel.write(smb2SessionSetup);
    const dared = await this.#receive(smb2Commands.setup, 1);
    const dare = findChallenge(dared.message);
    if (dared.status !== moreProcessing || dare === null) throw refused(dared.status);
    this.#sessionId = dared.sessionId;
    const login = ntlmAuthenticate(dare, account, this.#fresh());
    await this.#send(smb2Commands.setup, smb2Setup(spnegoResponse(login.message)));
    const done = await this.#receive(smb2Commands.setup, this.#last);
    // A server that wants encryption denies access to who logged in: a wrong password has a status of its own.
    if (done.status === accessDenied && account !== null)
      throw misuse('the server denies a session: it may want encryption');
    if (done.status !== 0) throw refused(done.status);
    const { guest, encrypted } = decodeSmb2SessionFlags(done.message);
    if (encrypted) throw misuse('the server wants the session encrypted');
    if (!guest) this.#key = login.key;
  }

  /** The shares that the server lists for this session. */
  async shares(server: string): Promise<readonly Share[]> {
    this.#treeId = (await this.#ask(smb2Commands.tree, smb2TreeConnect(`\\\\${server}\\IPC$`))).treeId;
    const file = decodeSmb2FileId((await this.#ask(smb2Commands.create, smb2OpenPipe('srvsvc'))).message);
    if (file === null) throw foreignAnswer('SMB 2');
    const bound = await this.#call(file, rpcBind(serverService));
    if (bound.kind !== 'bound') throw foreignAnswer('DCE/RPC');
    if (!bound.accepted) throw refusal('the server has no server service');
    const reply = await this.#call(file, rpcRequest(shareEnumOperation, shareEnumArguments(server)));
    if (reply.kind === 'fault') throw refusal(`fault ${reply.status.toString(16)} of the server service`);
    const list = reply.kind === 'result' ? decodeShareList(reply.stub) : null;
    if (list === null) throw foreignAnswer('server service');
    if ('code' in list) throw refusal(`the server lists no shares: error ${list.code}`);
    return list.shares;
  }

  async logOff(): Promise<void> {
    const body = Uint8Array.of(4, 0, 0, 0);
    await this.#send(smb2Commands.logoff, body).catch(() => {});
    this.#channel.close();
  }

  /** Writes into a pipe and reads until the answer is whole. */
  async #call(file: Uint8Array, request: Uint8Array) {
    let response = await this.#ask(smb2Commands.ioctl, smb2Transceive(file, request));
    for (let bytes: Uint8Array = new Uint8Array(0); ; ) {
      const output = decodeSmb2Output(response.message);
      if (output === null) throw foreignAnswer('DCE/RPC');
      bytes = concat(bytes, output);
      const reply = decodeRpcReply(bytes);
      if (reply.kind !== 'partial') return reply;
      if (bytes.length > mostPipe) throw fault({ reason: 'local-limit', detail: 'the server lists more than is read' });
      response = await this.#ask(smb2Commands.read, smb2Read(file));
    }
  }

  async #ask(command: number, body: Uint8Array): Promise<Smb2Response> {
    await this.#send(command, body);
    const response = await this.#receive(command, this.#last);
    if (response.status !== 0 && response.status !== bufferOverflow) throw refused(response.status);
    return response;
  }

  async #send(command: number, body: Uint8Array): Promise<void> {
    const ids = { messageId: (this.#last += 1), treeId: this.#treeId, sessionId: this.#sessionId };
    const message = concat(smb2Header({ command, ...ids }), body);
    await this.#channel.write(smbFrame(this.#key === null ? message : signed(message, this.#dialect, this.#key)));
  }

  async #receive(command: number, messageId: number): Promise<Smb2Response> {
    for (let round = 0; round < mostInterim; round += 1) {
      const response = decodeSmb2Response((await this.#frame()).subarray(4));
      if (response === null || response.command !== command || response.messageId !== messageId)
        throw foreignAnswer('SMB 2');
      if (!response.interim) return response;
    }
    throw fault({ reason: 'timeout', detail: 'the server puts its answer off' });
  }

  async #frame(): Promise<Uint8Array> {
    const head = await this.#channel.take(4);
    const length = u32be(head, 0);
    if (length > mostMessage) throw foreignAnswer('SMB 2');
    return concat(head, await this.#channel.take(length));
  }

  #fresh() {
    const nonce = Uint8Array.from({ length: 8 }, () => this.#tools.random.integer(256));
    return { nonce, time: fileTime(this.#tools.clock.now()) };
  }
}

function refused(status: number): ScriptFault {
  const text = `status ${status.toString(16).padStart(8, '0')}`;
  return refusals.has(status) ? refusal(`the server refuses: ${text}`) : notNow(`the server fails: ${text}`);
}
