import type { SessionState } from '@picket/contracts/api/session';
import { type Answer, type Call, refusal } from './fixture-answer.ts';
import type { FixtureState } from './fixture-state.ts';

/** Signing in and out, the password, the terms, and who is signed in. */
export function answerSession({ state, method, path, body }: Call): Answer {
  if (path === '/session/password') state.passwordChangeNeeded = false;
  else if (path === '/session/terms') state.termsAccepted = true;
  else if (method === 'DELETE') {
    state.mode = 'signed-out';
    return { status: 200, body: { ...sessionOf(state), signOutUrl: null } };
  } else if (method === 'POST') {
    if (!JSON.stringify(body).includes('"sample password"')) {
      return refusal(
        401,
        'session.refused',
        'Login or password is wrong.',
        'Check both; after ten attempts the login is locked for a while.',
      );
    }
    state.mode = 'ready';
  }
  return { status: 200, body: sessionOf(state) };
}

function sessionOf(state: FixtureState): SessionState {
  const user = {
    id: 1,
    login: 'manager',
    name: 'Sample Manager',
    role: 'manager',
    passwordChangeNeeded: state.passwordChangeNeeded,
    termsAccepted: state.termsAccepted,
    secondFactorNeeded: false,
    sees: 'everything',
    hasPassword: true,
    businessUnitId: null,
  } as const;
  return {
    user: state.mode === 'signed-out' ? null : user,
    csrfToken: 'fixture',
    setup: { complete: state.mode !== 'first-run', networks: 1, appliances: 1 },
    features: state.features,
    termsVersion: '1',
    version: '0.1.0',
  };
}

/** The terms of use. */
export function terms(): Answer {
  return {
    status: 200,
    body: {
      version: '1',
      text: `Apache License 2.0\n\n${'Scan only what you own or may scan in writing. '.repeat(40)}`,
    },
  };
}
