import { connect } from 'node:net';
import { consoleMessage, type ConsoleRequest, maxConsoleLine } from './console-messages.ts';
import type { DoctorReport } from '@picket/contracts/doctor';
import type { ConsoleStatus } from './console-status.ts';
import { lineChannel } from './line-channel.ts';

/** What an appliance said of itself when its examination ended. */
export interface Examination {
  readonly report: DoctorReport;
  readonly status: ConsoleStatus;
}

/**
 * Has the running appliance behind a console socket examine its way to the platform. `onReport` is told of each step. Rejects when nobody
 * listens there (`ENOENT`, `ECONNREFUSED`), with its words when it refuses, and when the signal aborts.
 */
export function askDoctor(
  socketPath: string,
  onReport: (report: DoctorReport) => void,
  signal: AbortSignal,
): Promise<Examination> {
  const asked = Promise.withResolvers<Examination>();
  const socket = connect(socketPath);
  socket.on('error', asked.reject);
  let before: string | null | undefined;
  const channel = lineChannel(socket, {
    maxLineBytes: maxConsoleLine,
    onMessage: (message) => {
      const said = consoleMessage.safeParse(message);
      if (!said.success) return asked.reject(new Error('The appliance runs other software than this command.'));
      if (said.data.type === 'answer' && said.data.refused !== null) asked.reject(new Error(said.data.refused));
      if (said.data.type !== 'status') return;
      const { status } = said.data;
      const { doctor } = status;
      if (before === undefined) {
        before = doctor?.endedAt ?? null;
        channel.send({ type: 'examine' } satisfies ConsoleRequest);
        return;
      }
      const isOld = doctor?.endedAt !== null && doctor?.endedAt === before;
      if (doctor === null || isOld) return;
      onReport(doctor);
      if (doctor.endedAt !== null) asked.resolve({ report: doctor, status });
    },
    onEnd: (reason) => asked.reject(new Error(`The appliance ended the conversation (${reason}).`)),
  });
  const abort = () => asked.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return asked.promise.finally(() => {
    signal.removeEventListener('abort', abort);
    channel.close();
  });
}
