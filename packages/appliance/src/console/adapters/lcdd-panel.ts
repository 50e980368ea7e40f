import { connect, type Socket } from 'node:net';
import { systemClock } from '@picket/base/adapters/system';
import type { Key } from '../machine/console-event.ts';
import type { Display } from '../machine/display.ts';
import { hello, introduction, lcdCommands, parseLcdLine } from '../render/lcd/lcdd-protocol.ts';

const retryMs = 3000;
/** A server that sends longer lines is none. */
const maxLine = 4096;

/** A front panel behind LCDproc's LCDd. */
export interface Panel {
  show(display: Display): void;
  close(): void;
}

/** Finds LCDd, and finds it again when it is restarted; `onTrouble` gets what it refuses, for the log. */
export function lcddPanel(
  at: { readonly host: string; readonly port: number },
  on: { readonly onKey: (key: Key) => void; readonly onTrouble: (reason: string) => void },
): Panel {
  const closing = new AbortController();
  let ready: Socket | null = null;
  let wanted: Display | null = null;
  let shown: Display | null = null;
  const send = (socket: Socket, commands: readonly string[]) => {
    if (commands.length > 0) socket.write(commands.map((command) => `${command}\n`).join(''));
  };
  const update = () => {
    if (ready === null || wanted === null) return;
    send(ready, lcdCommands(shown, wanted));
    shown = wanted;
  };
  const onLine = (socket: Socket, line: string) => {
    const answer = parseLcdLine(line);
    if (answer.type === 'key') on.onKey(answer.key);
    if (answer.type === 'refused') on.onTrouble(answer.reason);
    if (answer.type !== 'connect' || ready !== null) return;
    send(socket, introduction);
    ready = socket;
    shown = null;
    update();
  };
  const open = () => {
    const socket = connect(at.port, at.host);
    let rest = '';
    socket.setEncoding('latin1');
    socket.once('connect', () => send(socket, [hello]));
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLine) socket.destroy();
      for (const line of lines) onLine(socket, line);
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      ready = null;
      void systemClock.sleep(retryMs, closing.signal).then(open, () => {});
    });
    closing.signal.addEventListener('abort', () => socket.destroy(), { once: true });
  };
  open();
  return {
    show: (display) => {
      wanted = display;
      update();
    },
    close: () => closing.abort(new Error('closed')),
  };
}
