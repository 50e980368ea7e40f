import { ascii } from '../bytes.ts';
import { httpWhole, parseHttpResponse } from '../http-response.ts';
import { findChallenge } from '@picket/ntlm/challenge';
import { ntlmNegotiate } from '@picket/ntlm/negotiate';
import { ntlmSystem } from '../ntlm-system.ts';
import type { ProbeContext, ServiceProbe } from '../probe.ts';
import { http } from './http.ts';

/** Where Windows Remote Management listens; it knows one path only. */
const winRmPorts = new Set([5985, 5986]);
const token = Buffer.from(ntlmNegotiate).toString('base64');

/**
 * The first half of an NTLM login (RFC 4559 section 4 has the form; MS-NTHT): the server answers with its challenge, and so with names and version.
 * Nobody is logged in. Both schemes are tried on one connection, since servers may know either.
 */
export const httpNtlm: ServiceProbe = {
  name: 'http-ntlm',
  help: 'Reads the NTLM challenge of a web server that asks for a Windows login: host and domain name, build of Windows.',
  services: ['http'],
  transport: 'tcp',
  opens: 'client',
  ports: [],
  tlsPorts: [],
  proved: 'specification',
  next(answers, context) {
    if (answers.length === 0) return request('NTLM', context);
    return answers.length === 1 && challengeIn(answers[0]) === null ? request('Negotiate', context) : null;
  },
  whole: httpWhole,
  classify(answers, context) {
    const at = answers.findIndex((answer) => challengeIn(answer) !== null);
    const challenge = challengeIn(answers[at]);
    const base = http.classify(answers.slice(at, at + 1), context);
    if (!challenge || !base) return null;
    const { service, banners = [], info = '' } = base;
    const hostname = challenge.dnsComputer || challenge.computer;
    const os = ntlmSystem(challenge.osVersion);
    const names = [
      ...(challenge.computer ? [`name ${challenge.computer}`] : []),
      ...(challenge.domain ? [`domain ${challenge.domain}`] : []),
    ];
    return {
      service,
      banners,
      info: [info, 'Windows login', ...names].filter((part) => part !== '').join(', '),
      ...(hostname ? { hostname } : {}),
      ...(os ? { os } : {}),
    };
  },
};

function request(scheme: 'NTLM' | 'Negotiate', context: ProbeContext): Uint8Array {
  const path = winRmPorts.has(context.port) ? '/wsman' : '/';
  return ascii(
    `GET ${path} HTTP/1.1\r\nHost: ${context.host}:${context.port}\r\nUser-Agent: Mozilla/5.0 (compatible; Picket)\r\nAccept: */*\r\nAuthorization: ${scheme} ${token}\r\n\r\n`,
  );
}

function challengeIn(answer: Uint8Array | undefined): ReturnType<typeof findChallenge> {
  const response = answer && parseHttpResponse(answer);
  for (const [name, value] of response?.headers ?? []) {
    const given =
      name === 'www-authenticate' ? /^(?:NTLM|Negotiate) ([A-Za-z0-9+/=]{40,8192})$/i.exec(value)?.[1] : null;
    const challenge = given ? findChallenge(Buffer.from(given, 'base64')) : null;
    if (challenge) return challenge;
  }
  return null;
}
