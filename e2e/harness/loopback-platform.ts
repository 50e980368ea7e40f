import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess } from '@picket/testkit/running-process';
import { z } from 'zod';
import { type PlatformStatus, platformStatus } from '../../packages/cli/src/start/platform-status.ts';
import { Program } from './process.ts';

const listening = z.looseObject({ port: z.number() });
const main = fileURLToPath(new URL('../../packages/platform/src/main.ts', import.meta.url));

/** A platform process on a free loopback port of this machine. */
export class LoopbackPlatform implements AsyncDisposable {
  readonly program: Program;
  readonly status: PlatformStatus;
  /** Certificate of its authority, PEM. */
  readonly ca: string;
  /** The port that it really listens on. */
  readonly port: number;

  private constructor(program: Program, status: PlatformStatus, ca: string, port: number) {
    this.program = program;
    this.status = status;
    this.ca = ca;
    this.port = port;
  }

  /** `data` is made if missing; `args` are further options of the platform. */
  static async start(
    data: string,
    databaseUrl: string | null,
    args: readonly string[] = [],
  ): Promise<LoopbackPlatform> {
    const argv = [process.execPath, '--disable-warning=ExperimentalWarning', main, '--data', data, '--port', '0'];
    const env = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl };
    const program = new Program(startProcess, [...argv, ...args], env);
    const line = await program.start(/^.*"event":"ready".*$/m, 90_000);
    const said: unknown = JSON.parse(line[0]);
    const { port } = listening.parse(said);
    return new LoopbackPlatform(
      program,
      platformStatus.parse(said),
      await readFile(join(data, 'ca.pem'), 'utf8'),
      port,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop('SIGTERM');
  }
}
