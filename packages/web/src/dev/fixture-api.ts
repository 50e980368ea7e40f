import { type Answer, type Call, refusal } from './fixture-answer.ts';
import { answerChange } from './fixture-changes.ts';
import { answerRead } from './fixture-reads.ts';
import { answerSession, terms } from './fixture-session.ts';
import { answerSignIn } from './fixture-sign-in.ts';

/** Answers one request of the interface from sample data. Changes only who is signed in. */
export function answer(call: Call): Answer {
  const { state, method, path } = call;
  const signIn = answerSignIn(call);
  if (signIn) return signIn;
  if (path === '/session' || path.startsWith('/session/')) return answerSession(call);
  if (state.mode === 'signed-out')
    return path === '/terms' ? terms() : refusal(401, 'session.none', 'Nobody is signed in.');
  if (method !== 'GET') return answerChange(call);
  return answerRead(call) ?? refusal(404, 'web.fixture', `The fixture has no ${path}.`);
}
