import { connect } from 'node:net';
import { systemClock } from '@picket/base/adapters/system';
import {
  type ConsoleMessage,
  consoleMessage,
  type ConsoleRequest,
  maxConsoleLine,
} from '../../local/console-messages.ts';
import { type LineChannel, lineChannel } from '../../local/line-channel.ts';

/** Between two looks for a daemon that does not run, milliseconds. */
const retryMs = 1000;

/** The console's line to the daemon; found again by itself when the daemon starts anew. */
export interface DaemonLink {
  /** False: nobody is there to take it. */
  send(request: ConsoleRequest): boolean;
  close(): void;
}

/** `onGone` is called once each time the daemon is lost, and at the start if it is not there. */
export function daemonLink(
  path: string,
  on: { readonly onMessage: (message: ConsoleMessage) => void; readonly onGone: () => void },
): DaemonLink {
  const closing = new AbortController();
  let channel: LineChannel | null = null;
  let toldGone = false;
  const lost = () => {
    channel = null;
    if (!toldGone) on.onGone();
    toldGone = true;
    void systemClock.sleep(retryMs, closing.signal).then(open, () => {});
  };
  const open = () => {
    const socket = connect(path);
    const opened = lineChannel(socket, {
      maxLineBytes: maxConsoleLine,
      onMessage: (message) => {
        const parsed = consoleMessage.safeParse(message);
        // A daemon of another version: what it says is not understood, and it is looked for again.
        if (parsed.success) on.onMessage(parsed.data);
        else opened.close();
      },
      onEnd: lost,
    });
    socket.once('connect', () => {
      channel = opened;
      toldGone = false;
    });
  };
  open();
  return {
    send: (request) => {
      channel?.send(request);
      return channel !== null;
    },
    close: () => {
      closing.abort(new Error('closed'));
      channel?.close();
    },
  };
}
