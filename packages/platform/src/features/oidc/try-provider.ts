import type { trialResult } from '@picket/contracts/api/notification';
import type { Connector } from '@picket/outbound/connector';
import { z } from 'zod';
import { outboundFetch } from '../../server/outbound-fetch.ts';
import { plainLine } from '../../server/plain-line.ts';

type Trial = z.output<typeof trialResult>;

/** OpenID Connect Discovery 1.0 section 4. */
const wellKnown = '/.well-known/openid-configuration';
const metadata = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  token_endpoint: z.url({ protocol: /^https?$/ }),
  jwks_uri: z.url({ protocol: /^https?$/ }),
  end_session_endpoint: z.string().optional(),
  response_types_supported: z.array(z.string()).optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
});
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

interface Asked {
  readonly connector: Connector;
  readonly issuer: string;
  readonly caPem: string | null;
  readonly signal: AbortSignal;
}

/** Reads what a provider says of itself, and its keys, and says precisely what is wrong. */
export async function tryProvider(asked: Asked): Promise<Trial> {
  const url = `${asked.issuer.replace(/\/$/, '')}${wellKnown}`;
  const read = await readJson(asked, url);
  if (!read.ok) return read.trial;
  const parsed = metadata.safeParse(read.json);
  if (!parsed.success) {
    const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    return failed(`${url} holds no metadata of a provider: ${missing} is missing or no address.`, issuerHint);
  }
  const { issuer, jwks_uri, code_challenge_methods_supported: pkce, end_session_endpoint: leave } = parsed.data;
  if (issuer !== asked.issuer) {
    return failed(
      `The provider there calls itself ${plainLine(issuer)}, not ${asked.issuer}.`,
      'Enter the issuer exactly as the provider writes it, with or without the slash at the end.',
    );
  }
  if (parsed.data.response_types_supported?.includes('code') === false)
    return failed(
      'The provider does not offer the authorization code flow.',
      'Choose another kind of application there.',
    );
  const keys = await readJson(asked, jwks_uri);
  if (!keys.ok) return keys.trial;
  if (!keySet.safeParse(keys.json).success)
    return failed(`${plainLine(jwks_uri)} holds no signing keys.`, 'Look at the signing keys of the provider.');
  const proof = pkce?.includes('S256') ? 'with PKCE' : 'without a word about PKCE, which is used all the same';
  const out = leave === undefined ? 'It does not sign people out for others.' : 'It can sign people out.';
  const detail = `${asked.issuer} answers as a provider, ${proof}; its keys were read. ${out}`;
  return { ok: true, detail, hint: null };
}

const issuerHint =
  'Check the issuer: its metadata is read at the issuer with /.well-known/openid-configuration behind it.';

type Read = { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly trial: Trial };

async function readJson({ connector, caPem, signal }: Asked, url: string): Promise<Read> {
  const request = { method: 'GET' as const, headers: { accept: 'application/json' }, body: new Uint8Array(), signal };
  const answer = await outboundFetch(connector, url, request, caPem);
  if (!answer.ok) return { ok: false, trial: failed(`${answer.error.message} (${answer.error.kind})`, connectionHint) };
  const { status, body } = answer.value;
  if (status !== 200) return { ok: false, trial: failed(`${plainLine(url)} answered ${status}.`, issuerHint) };
  try {
    return { ok: true, json: JSON.parse(new TextDecoder().decode(body)) };
  } catch {
    return { ok: false, trial: failed(`${plainLine(url)} answered with something else than JSON.`, issuerHint) };
  }
}

const connectionHint =
  'The platform itself asks the provider: check name, port and proxy, and whether its certificate is of an authority of your own.';

function failed(detail: string, hint: string): Trial {
  return { ok: false, detail, hint };
}
