import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { setWire } from '../../lab/lab-control.ts';
import type { FaultGround } from './fault-ground.ts';

/** The screens that a fault may bring. */
export type Shown = 'NAME–IP' | 'COMMUNICATION FAILURE';

/** One fault while a scan runs, or while nothing does. */
export interface FaultRow {
  /** Stable name, of what was measured too. */
  readonly id: string;
  /** What is wrong, in words. */
  readonly fault: string;
  /** Whether a scan runs when it begins. */
  readonly during: 'a scan' | 'nothing';
  /** Screens from the fault on until the scan has ended, each once for as long as it stays. */
  readonly screens: readonly Shown[];
  /** What the terminal says below the display: while `COMMUNICATION FAILURE` shows, else at some time of the fault; null: nothing. */
  readonly says: RegExp | null;
  readonly make: (ground: FaultGround) => Promise<void>;
  /** Waits until the fault has bitten; default: until COMMUNICATION FAILURE shows. */
  readonly lasts?: (ground: FaultGround) => Promise<void>;
  readonly mend: (ground: FaultGround) => Promise<void>;
}

const lost: readonly Shown[] = ['NAME–IP', 'COMMUNICATION FAILURE', 'NAME–IP'];
const unmoved: readonly Shown[] = ['NAME–IP'];
const years = 2 * 365 * 86_400;

export const faultRows: readonly FaultRow[] = [
  {
    id: 'link-cut',
    fault: 'the cable to the platform is cut',
    during: 'a scan',
    screens: lost,
    // It may have come to the next attempt, whose DNS server is behind the same cable.
    says: /connection was closed|name could not be resolved|nothing answered|no answer came/,
    make: ({ lab }) => setWire(lab, 'scanner', 'mgmt', 'down'),
    mend: ({ lab }) => setWire(lab, 'scanner', 'mgmt', 'up'),
  },
  {
    id: 'dns-gone',
    fault: 'the DNS server answers nothing any more, and open connections end',
    during: 'a scan',
    screens: lost,
    says: /name could not be resolved/,
    make: async (ground) => {
      ground.answerNames(false);
      await ground.door('pass');
    },
    mend: async (ground) => ground.answerNames(true),
  },
  {
    id: 'wrong-clock',
    fault: 'the clock of the appliance jumps by two years, and open connections end',
    during: 'a scan',
    screens: unmoved,
    says: null,
    make: async (ground) => {
      await ground.machine.shiftClock(years);
      await ground.door('pass');
    },
    lasts: ({ deployment }) => deployment.appliance.waitFor(/"clock\.wrong"/).then(() => {}),
    mend: ({ machine }) => machine.shiftClock(0),
  },
  {
    id: 'certificate-expired',
    fault: 'the certificate of the platform has expired',
    during: 'a scan',
    screens: lost,
    says: /certificate has expired/,
    make: (ground) => ground.present('expired'),
    mend: (ground) => ground.door('pass'),
  },
  {
    id: 'certificate-other-authority',
    fault: 'the certificate is replaced by one of another authority',
    during: 'a scan',
    screens: lost,
    says: /issued by an unknown authority/,
    make: (ground) => ground.present('other'),
    mend: (ground) => ground.door('pass'),
  },
  {
    id: 'certificate-same-authority',
    fault: 'the certificate is replaced by a new one of the same authority',
    during: 'a scan',
    screens: unmoved,
    says: null,
    make: (ground) => ground.present('good'),
    lasts: async () => {},
    mend: async () => {},
  },
  {
    id: 'authority-replaced',
    fault: 'the platform is stopped, and started again with a new authority',
    during: 'a scan',
    screens: lost,
    // The door takes connections for a platform that is not there.
    says: /TLS handshake failed/,
    make: async ({ deployment }) => {
      await deployment.platform.stop('SIGTERM');
      for (const name of ['ca.pem', 'server.pem']) await rm(join(deployment.folder, 'platform/tls', name));
    },
    mend: async ({ deployment }) => {
      const before = deployment.enrolment;
      const { enrolment } = await deployment.startPlatform();
      if (enrolment === before) throw new Error('the authority is the one before');
    },
  },
  {
    id: 'disk-full',
    fault: 'the disk of the appliance is full',
    during: 'a scan',
    screens: unmoved,
    says: null,
    make: async () => {},
    lasts: fillUntilNoticed,
    mend: ({ machine }) => rm(ballast(machine.disk)),
  },
  {
    id: 'platform-restarted',
    fault: 'the platform is killed while 24 clients ask it without a pause, and started again',
    during: 'a scan',
    screens: lost,
    says: /TLS handshake failed|connection was closed/,
    make: ({ deployment }) => underLoad(deployment, () => deployment.platform.stop('SIGKILL')),
    mend: async ({ deployment }) => {
      await deployment.startPlatform();
    },
  },
  {
    id: 'platform-gone-idle',
    fault: 'the platform is killed while nothing runs, and started again',
    during: 'nothing',
    screens: lost,
    says: /TLS handshake failed|connection was closed/,
    make: ({ deployment }) => deployment.platform.stop('SIGKILL'),
    mend: async ({ deployment }) => {
      await deployment.startPlatform();
    },
  },
];

const ballast = (disk: string) => join(disk, 'ballast');

/** Takes every free block again and again until the appliance has no room for what it finds. */
async function fillUntilNoticed({ machine, deployment }: FaultGround): Promise<void> {
  const file = await open(ballast(machine.disk), 'w');
  let noticed = false;
  const waiting = deployment.appliance.waitFor(/"full":true/, 60_000).finally(() => {
    noticed = true;
  });
  try {
    while (!noticed) {
      await file.write(Buffer.alloc(4096)).catch(() => delay(5));
    }
    await waiting;
  } finally {
    await file.close();
  }
}

const clients = 24;

/** Runs it while clients ask the platform; each must have been answered before and be cut off by it. */
async function underLoad(deployment: FaultGround['deployment'], act: () => Promise<void>): Promise<void> {
  let answers = 0;
  const cut = Array.from({ length: clients }, async () => {
    for (;;) {
      const answered = await deployment.client.get('/api/v1/scans?limit=50', z.unknown()).then(
        () => true,
        () => false,
      );
      if (!answered) return;
      answers += 1;
    }
  });
  while (answers < 4 * clients) await delay(20);
  await act();
  await Promise.all(cut);
}
