import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, nsStart } from '../../lab/lab-control.ts';

/** Headers and the messages that are read fit in it. Bytes. */
const snapshotBytes = 256;
/** Room of the kernel for frames that wait to be written, KiB. */
const bufferKib = 65_536;

/** What left an end of a wire. */
export interface Captured {
  /** In the format of `readPcap`. */
  readonly file: Uint8Array;
  /** Frames that the kernel could not keep: with one, the file proves nothing. */
  readonly dropped: number;
}

/**
 * Captures all that the scanner sends into a switch, at the switch's end of the wire: a tap on the scanner's own interface would not see what a
 * packet socket sends past the queue (PACKET_QDISC_BYPASS, packet(7)). `stop` ends it and gives the file.
 */
export async function captureFromScanner(
  lab: Lab,
  network: 'scan-switch' | 'management-switch',
): Promise<{ stop(): Promise<Captured> }> {
  const folder = await mkdtemp(join(tmpdir(), 'picket-capture-'));
  const path = join(folder, 'frames.pcap');
  const options = ['-i', 'scanner', '-Q', 'in', '-n', '-U', '-s', `${snapshotBytes}`, '-B', `${bufferKib}`];
  const tcpdump = nsStart(lab, network, ['tcpdump', ...options, '-Z', 'root', '-w', path]);
  await tcpdump.waitFor(/listening on/);
  return {
    stop: async () => {
      await tcpdump.stop('SIGINT');
      const dropped = /(\d+) packets? dropped by kernel/.exec(tcpdump.output())?.[1];
      const file = await readFile(path);
      await rm(folder, { recursive: true });
      if (dropped === undefined) throw new Error(`tcpdump did not end well: ${tcpdump.output()}`);
      return { file, dropped: Number(dropped) };
    },
  };
}
