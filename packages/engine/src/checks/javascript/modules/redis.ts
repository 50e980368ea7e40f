import type { Channel } from '../channel.ts';
import { decodeRespReply, respCommand, type RespReply } from '../clients/resp.ts';
import type { ScriptArgs } from '../script-args.ts';
import { foreignAnswer, notNow, refusal } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';

/** Errors that are no answer: loading, busy, too many clients, not the node to ask. */
const unavailable = /^(?:LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|ERR max number of clients)/;

async function ask(channel: Channel, ...words: readonly string[]): Promise<RespReply> {
  await channel.write(respCommand(...words));
  const reply = decodeRespReply(await channel.takeWhile((bytes) => decodeRespReply(bytes) !== 'partial'));
  if (typeof reply === 'string') throw foreignAnswer('Redis');
  if (reply.kind === 'error' && unavailable.test(reply.text)) throw notNow(reply.text);
  return reply;
}

async function session<T>(args: ScriptArgs, host: ScriptHost, talk: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await host.connect(args.text(0), args.port(1));
  try {
    return await talk(channel);
  } finally {
    channel.close();
  }
}

/** Logs in when there is a password. */
async function login(channel: Channel, args: ScriptArgs, host: ScriptHost): Promise<void> {
  const password = args.text(2);
  if (password === '') return;
  host.login('redis', args.port(1), '');
  const reply = await ask(channel, 'AUTH', password);
  if (reply.kind === 'error') throw refusal(reply.text);
}

async function facts(channel: Channel): Promise<string> {
  const reply = await ask(channel, 'INFO');
  if (reply.kind === 'error') throw refusal(reply.text);
  return reply.kind === 'text' ? reply.text : '';
}

/** `nuclei/redis`. */
export const redisFunctions: Readonly<Record<string, ScriptFunction>> = {
  'redis.Connect': (args, host) =>
    session(args, host, async (channel) => {
      await login(channel, args, host);
      const reply = await ask(channel, 'PING');
      if (reply.kind === 'error') throw refusal(reply.text);
      return true;
    }),
  'redis.GetServerInfo': (args, host) => session(args, host, facts),
  'redis.GetServerInfoAuth': (args, host) =>
    session(args, host, async (channel) => {
      await login(channel, args, host);
      return facts(channel);
    }),
  /** Whether the server wants a log-in. */
  'redis.IsAuthenticated': (args, host) =>
    session(args, host, async (channel) => {
      const reply = await ask(channel, 'PING');
      return reply.kind === 'error' && /^(?:NOAUTH|ERR operation not permitted)/.test(reply.text);
    }),
};
