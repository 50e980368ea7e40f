import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { lineChannel } from '../../local/line-channel.ts';
import {
  type HelperAnswer,
  helperRequest,
  type HelperRequest,
  type HelperWorking,
  workingEveryMs,
} from '../helper-messages.ts';

/** Room for 4094 VLANs and as many routes in one line. */
const maxLineBytes = 4 * 1024 * 1024;
const mostConnections = 16;

/** What answers requests. */
export interface HelperDoor {
  readonly handle: (request: HelperRequest) => Promise<HelperAnswer>;
  /** What it does meanwhile, for people. */
  readonly working: () => string;
  /** How often that is said, milliseconds. Default: `workingEveryMs`. */
  readonly everyMs?: number;
}

/**
 * Listens on a pathname Unix socket. Who may connect is the file's mode: owner and `group` (0660). It can't be reached from the network, and it is the
 * same file in every network namespace.
 */
export async function listenForRequests(path: string, group: number | null, door: HelperDoor): Promise<Server> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await rm(path, { force: true });
  const server = createServer((stream) => {
    const channel = lineChannel(stream, {
      maxLineBytes,
      onMessage: (message) => {
        const parsed = helperRequest.safeParse(message);
        if (parsed.success) void answerOne(parsed.data, door, (word) => channel.send(word));
        else channel.send(notUnderstood(message, parsed.error.issues[0]));
      },
      onEnd: () => {},
    });
  });
  server.maxConnections = mostConnections;
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(before);
  }
  if (group !== null) {
    await chown(path, 0, group);
    await chmod(path, 0o660);
  }
  return server;
}

/** Who asked for it hears while it takes long that somebody is still at it. */
async function answerOne(
  request: HelperRequest,
  door: HelperDoor,
  say: (word: HelperAnswer | HelperWorking) => void,
): Promise<void> {
  const working = () => say({ id: request.id, type: 'working', message: door.working() });
  const timer = request.progress === true ? setInterval(working, door.everyMs ?? workingEveryMs) : undefined;
  const answer = await door.handle(request);
  clearInterval(timer);
  say(answer);
}

function notUnderstood(message: unknown, issue: { path: PropertyKey[]; message: string } | undefined): HelperAnswer {
  const id =
    typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number'
      ? message.id
      : 0;
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  return { id, type: 'refused', message: `The request is not understood: ${where}.`, saved: false, problems: [] };
}
