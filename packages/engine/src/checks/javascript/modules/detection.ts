import { asUtf8, fromBytes } from '@picket/checks/byte-string';
import { mssql } from '../../../services/probes/mssql.ts';
import { oracleTns } from '../../../services/probes/oracle-tns.ts';
import { pop3 } from '../../../services/probes/pop3.ts';
import { rdp } from '../../../services/probes/rdp.ts';
import { telnet } from '../../../services/probes/telnet.ts';
import { vnc } from '../../../services/probes/vnc.ts';
import type { Identification, ServiceProbe } from '../../../services/probe.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import type { ScriptArgs } from '../script-args.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';

/** What a service probe makes of the first answer of a port: null when it is another protocol. */
async function identified(
  probe: ServiceProbe,
  args: ScriptArgs,
  host: ScriptHost,
): Promise<{ readonly found: Identification | null; readonly answer: Uint8Array }> {
  const port = args.port(1);
  const channel = await host.connect(args.text(0), port);
  const context = { host: args.text(0), port, tls: host.endpoint.tls };
  try {
    const first = probe.next([], context);
    if (probe.opens === 'client' && first instanceof Uint8Array) await channel.write(first);
    const answer = await channel.takeWhile((bytes) => probe.whole?.(bytes, 0) ?? bytes.length > 0);
    return { found: probe.classify([answer], context), answer };
  } finally {
    channel.close();
  }
}

type Shape = (found: Identification | null, answer: Uint8Array) => ScriptValue;

function ask(probe: ServiceProbe, shape: Shape): ScriptFunction {
  return async (args, host) => {
    const { found, answer } = await identified(probe, args, host);
    return shape(found, answer);
  };
}

/** `{ IsX: true, Banner: '…' }`, as the format's detections answer. */
function withBanner(name: string): Shape {
  return (found, answer) => {
    const text = fromBytes(answer);
    return { [name]: found !== null, Banner: found === null ? '' : (asUtf8(text) ?? text).trim().slice(0, 1000) };
  };
}

/** Whether a port speaks a protocol, by the questions of service identification. Nobody is logged in. */
export const detectionFunctions: Readonly<Record<string, ScriptFunction>> = {
  'mssql.MSSQLClient': (_args, host) => host.hold({}),
  'mssql.MSSQLClient.IsMssql': (args, host) => ask(mssql, (found) => found !== null)(args.after(1), host),
  'oracle.IsOracle': ask(oracleTns, (found) => ({
    IsOracle: found !== null,
    Banner: found === null ? '' : `Oracle TNS Listener Version:${found.version ?? ''}`,
  })),
  'pop3.IsPOP3': ask(pop3, withBanner('IsPOP3')),
  'rdp.IsRDP': ask(rdp, (found) => ({ IsRDP: found !== null, OS: found?.os?.product ?? '' })),
  'telnet.IsTelnet': ask(telnet, withBanner('IsTelnet')),
  'vnc.IsVNC': ask(vnc, withBanner('IsVNC')),
};
