import type { Clock } from '@picket/base/clock';
import { applianceLimits, appliancePaths } from '@picket/contracts/protocol';
import { signedTime } from '@picket/contracts/signed-time';
import { httpsClient } from '@picket/outbound/adapters/https-client';
import type { Trust } from '@picket/outbound/adapters/tls-stream';
import type { Connector } from '@picket/outbound/connector';
import type { HttpAnswer, HttpClient } from '@picket/outbound/http-client';
import { parseJson, type SignedClient } from '@picket/outbound/signed-client';
import type { DoctorProbes, Finding } from '../doctor/examine.ts';
import type { ProbeTarget } from './doctor-probes.ts';

/** What probes use beside the network itself. `connector` is the one of the daemon's own connections: with a proxy it logs in. */
export interface ProbeTools {
  readonly connector: Connector;
  readonly clock: Clock;
}

/** One request, milliseconds; a measurement at 100 kbit/s takes 21 s. */
const [requestMs, measureMs] = [15_000, 30_000];
/** A clock that is wrong by more is told. */
const toleranceMs = 60_000;

/** By what the platform is known. Without a daemon it can only be by a public authority. */
export async function trustOf({ link }: ProbeTarget): Promise<Trust> {
  return (await link?.trust()) ?? { ca: null };
}

/** The steps behind the platform's TLS: does the platform answer, what is its time, how well does the way carry. */
export function serviceProbes(
  target: ProbeTarget,
  tools: ProbeTools,
): Pick<DoctorProbes, 'endpoints' | 'clock' | 'transfer'> {
  return {
    endpoints: () => withClient(target, tools, endpointsStep),
    clock: () => withClient(target, tools, (http) => clockStep(http, tools.clock)),
    transfer: async () => {
      const client = target.link?.client() ?? null;
      if (client === null) return { outcome: 'not-tested', detail: 'only once the appliance is activated' };
      return transferStep(client, tools.clock);
    },
  };
}

async function withClient(
  target: ProbeTarget,
  { connector }: ProbeTools,
  step: (http: HttpClient) => Promise<Finding>,
): Promise<Finding> {
  if (target.origin === null) return { outcome: 'not-tested', detail: 'the platform is not known yet' };
  const http = httpsClient({ origin: target.origin, connector, trust: await trustOf(target) });
  try {
    return await step(http);
  } finally {
    http.close();
  }
}

/** Asks without a signature: the platform refuses in its own words, a gateway that blocks a path does in others. */
async function endpointsStep(http: HttpClient): Promise<Finding> {
  const strange: string[] = [];
  for (const path of Object.values(appliancePaths)) {
    const method = readPaths.includes(path) ? 'GET' : 'POST';
    const answer = await http.request({ ...blank, method, target: path });
    if (!answer.ok) strange.push(`${path}: ${answer.error.message}`);
    else if (!isPlatforms(answer.value))
      strange.push(`${path}: HTTP ${answer.value.status} of something else (${answer.value.header('content-type')})`);
  }
  const count = Object.keys(appliancePaths).length;
  if (strange.length === 0) return { outcome: 'ok', detail: `${count} of ${count} answer` };
  return {
    outcome: 'warning',
    detail: `${count - strange.length} of ${count} answer; ${strange.join('; ')}`.slice(0, 500),
  };
}

/** Of the paths, those that are read. */
const readPaths: readonly string[] = [appliancePaths.caCertificate, appliancePaths.time, appliancePaths.authority];

const blank = { headers: {}, body: new Uint8Array(), deadlineMs: requestMs, maxAnswerBytes: 65_536 };

function isPlatforms(answer: HttpAnswer): boolean {
  const type = answer.header('content-type') ?? '';
  return (
    type.startsWith('application/problem+json') || (answer.status === 200 && type.startsWith('application/x-pem-file'))
  );
}

/** The session is verified, so the answer needs no signature of its own. */
async function clockStep(http: HttpClient, clock: Clock): Promise<Finding> {
  const before = clock.monotonic();
  const answer = await http.request({
    ...blank,
    method: 'GET',
    target: `${appliancePaths.time}?nonce=${'0'.repeat(43)}`,
  });
  const told = answer.ok ? signedTime.safeParse(parseJson(answer.value.body)) : null;
  if (told?.success !== true) return { outcome: 'not-tested', detail: 'the platform did not tell its time' };
  const offMs = clock.now() - (Date.parse(told.data.time) + (clock.monotonic() - before) / 2);
  const seconds = Math.abs(offMs / 1000).toFixed(offMs < 10_000 ? 1 : 0);
  const detail = `${seconds} s ${offMs < 0 ? 'behind' : 'ahead of'} the platform`;
  if (Math.abs(offMs) <= toleranceMs) return { outcome: 'ok', detail };
  return { outcome: 'warning', detail: `${detail}, whose time is used: set the clock of the machine or of its host` };
}

/**
 * A small message both ways, then a large one each way. Where small ones pass and large ones do not, packets of full size are lost on the way and
 * nobody says so (RFC 4821 section 1).
 */
async function transferStep(client: SignedClient, clock: Clock): Promise<Finding> {
  const bytes = applianceLimits.measureBytes;
  const carry = async (up: number, down: number, deadlineMs = measureMs) => {
    const started = clock.monotonic();
    const answer = await client.send({
      method: 'POST',
      path: appliancePaths.measure,
      query: `answer=${down}`,
      contentType: 'application/octet-stream',
      body: new Uint8Array(up),
      deadlineMs,
      maxAnswerBytes: 2 * bytes,
    });
    const fits = answer.ok && answer.value.status === 200 && answer.value.body.length === down;
    const why = answer.ok ? `HTTP ${answer.value.status}` : answer.error.message;
    return { fits, why, ms: clock.monotonic() - started };
  };
  await carry(0, 0);
  const trip = await carry(0, 0);
  if (!trip.fits) return { outcome: 'not-tested', detail: `nothing could be carried: ${trip.why}`.slice(0, 500) };
  const [up, down] = [await carry(bytes, 0), await carry(0, bytes)];
  const rate = ({ fits, ms }: typeof up) => (fits ? `${megabits(bytes, ms - trip.ms)} Mbit/s` : 'nothing');
  const detail = `${Math.round(trip.ms)} ms there and back, ${rate(up)} up, ${rate(down)} down`;
  if (up.fits && down.fits) return { outcome: 'ok', detail };
  const edge = await lossEdge(async (size) => (await carry(up.fits ? 0 : size, up.fits ? size : 0, edgeMs)).fits);
  const advice = `${edge}; look for a smaller MTU on the way, or a limit of a proxy (${up.fits ? down.why : up.why})`;
  return { outcome: 'warning', detail: `${detail}: small messages pass, large ones do not: ${advice}`.slice(0, 500) };
}

/** One try of a size, milliseconds: a packet that is lost is sent again after 200 ms and doubling waits. */
const edgeMs = 3000;
/** Bytes of a message. The first ones go in one packet of an MTU of 1,500 or less, with some 450 bytes of protocols around them. */
const edgeSizes = [0, 400, 600, 700, 800, 850, 900, 950, 1000, 1050, 4096, 16_384, 65_536];

/** Between which two sizes messages begin to be lost, found in four tries. */
async function lossEdge(passes: (size: number) => Promise<boolean>): Promise<string> {
  let [known, lost] = [0, edgeSizes.length];
  while (lost - known > 1) {
    const middle = (known + lost) >> 1;
    if (await passes(edgeSizes[middle] ?? 0)) known = middle;
    else lost = middle;
  }
  const size = edgeSizes[lost] ?? applianceLimits.measureBytes;
  return `one of ${edgeSizes[known]} bytes passes, one of ${size} does not`;
}

function megabits(bytes: number, ms: number): string {
  const rate = (bytes * 8) / Math.max(1, ms) / 1000;
  return rate >= 10 ? rate.toFixed(0) : rate.toFixed(1);
}
