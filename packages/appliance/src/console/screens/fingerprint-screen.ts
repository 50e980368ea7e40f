import { type ConsoleState, show, type Step } from '../machine/console-state.ts';
import type { Screen } from '../machine/screen.ts';
import { type Face, labelLines } from './face.ts';

type FingerprintScreen = Extract<Screen, { kind: 'fingerprint' }>;

/** Hexadecimal digits a page: 16 in each line. */
const pageDigits = 32;

/** The fingerprint of the platform's certificate authority, to be compared with the one that the platform shows; then the prompt. */
export function fingerprintFace(state: ConsoleState, screen: FingerprintScreen): Face {
  const { fingerprint, page, enrolment } = screen;
  const pages = Math.ceil(fingerprint.length / pageDigits);
  const quit = () => show(state, { kind: 'resting' });
  const turn = (to: number) => () => show(state, { ...screen, page: to });
  const up = page === 0 ? quit : turn(page - 1);
  if (page >= pages) {
    const enrol = (): Step => {
      const working = { kind: 'working', text: 'JOINING PLATFORM', phase: 'applying', since: state.now } as const;
      return show(state, working, { type: 'enrol', enrolment });
    };
    return {
      lines: labelLines('REALLY TRUST THIS PLATFORM?'),
      on: { up, enter: enrol, escape: quit },
      help: 'ENTER does it, UP goes back.',
    };
  }
  const shown = fingerprint.slice(page * pageDigits, (page + 1) * pageDigits);
  const next = turn(page + 1);
  return {
    lines: [shown.slice(0, 16), shown.slice(16)],
    on: { up, down: next, enter: next, escape: quit },
    help: `Fingerprint ${page + 1}/${pages}. ENTER goes on, UP back.`,
    detail: `Compare with the platform (Help > About): ${fingerprint}`,
  };
}
