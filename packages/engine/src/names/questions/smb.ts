import type { HostName, StageTools } from '../../run/stages.ts';
import { converse } from '../../services/converse.ts';
import { findChallenge } from '@picket/ntlm/challenge';
import { smb2 } from '../../services/probes/smb2.ts';
import { type NameQuestion, questionTimeoutMs, spokenService } from '../name-question.ts';

const port = 445;

/** SMB: the NTLM challenge names computer and domain before any login, also where NetBIOS is switched off. */
export const smb: NameQuestion = {
  name: 'smb',
  help: 'Negotiates SMB (TCP 445) up to the NTLM challenge, which names the computer and its domain. Nobody logs in.',
  protocol: 'tcp',
  port,
  async ask(address, tools) {
    const answers = await talk(address, tools);
    const found = smb2.classify(answers, { host: address, port, tls: false });
    if (!found) return null;
    return {
      names: challengeNames(answers[1]),
      service: spokenService('microsoft-ds', {
        ...(found.info === undefined ? {} : { info: found.info }),
        ...(found.hostname === undefined ? {} : { hostname: found.hostname }),
      }),
    };
  },
};

async function talk(address: string, tools: StageTools): Promise<readonly Uint8Array[]> {
  const connected = await tools.dialer.connectTcp({
    address,
    port,
    timeoutMs: questionTimeoutMs,
    signal: tools.signal,
  });
  if (!connected.ok) return [];
  try {
    const timing = { answerMs: 2 * questionTimeoutMs, tlsMs: questionTimeoutMs };
    return (await converse(connected.value, smb2, { host: address, port, tls: false }, timing)).answers;
  } finally {
    connected.value.close();
  }
}

function challengeNames(setup: Uint8Array | undefined): HostName[] {
  const challenge = setup ? findChallenge(setup) : null;
  const names = [challenge?.dnsComputer, challenge?.computer];
  return names.flatMap((name) => (name ? [{ name, source: 'smb' as const }] : []));
}
