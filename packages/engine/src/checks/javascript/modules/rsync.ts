import { ascii, latin } from '../../../services/bytes.ts';
import type { ScriptFunction } from '../script-host.ts';

/** The greeting of an rsync daemon: `@RSYNCD: 31.0 sha512 …`; null for anything else. Total. */
export function parseRsyncGreeting(line: string): { readonly version: string } | null {
  const version = /^@RSYNCD: ([0-9]{1,3}(?:\.[0-9]{1,3})?)(?: [\w., -]{0,500})?\r?\n?$/.exec(line)?.[1];
  return version === undefined ? null : { version };
}

/** `nuclei/rsync`. */
export const rsyncFunctions: Readonly<Record<string, ScriptFunction>> = {
  'rsync.IsRsync': async (args, host) => {
    const channel = await host.connect(args.text(0), args.port(1));
    try {
      const bytes = await channel.takeWhile((received) => received.includes(10) || received.length > 1024);
      const greeting = parseRsyncGreeting(latin(bytes.subarray(0, bytes.indexOf(10) + 1)));
      if (greeting === null) return { IsRsync: false, Banner: '' };
      // Said back, so that the daemon does not note a broken client.
      await channel.write(ascii('@RSYNCD: 27\n'));
      return { IsRsync: true, Banner: greeting.version };
    } finally {
      channel.close();
    }
  },
};
