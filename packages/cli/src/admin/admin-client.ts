import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PicketError } from '@picket/base/error';
import { type Problem, problem } from '@picket/contracts/problem';
import type { z } from 'zod';

/** A refusal by the platform, as it said it. */
export class ApiRefusal extends PicketError {
  readonly problem: Problem;

  constructor(refusal: Problem) {
    super({
      code: refusal.code,
      kind: 'user',
      message: refusal.detail,
      ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    });
    this.problem = refusal;
  }
}

const answerLimit = 64 * 1024 * 1024;

/**
 * Speaks the platform's API over the local administration socket of its data directory: no sign-in, the file system
 * decides who may. Everything that `picket user`, `picket status` and `npm start` do goes through it.
 */
export class AdminClient {
  readonly #socketPath: string;

  constructor(dataDirectory: string) {
    this.#socketPath = join(dataDirectory, 'admin.sock');
  }

  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#call('GET', path, undefined));
  }

  async post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#call('POST', path, body));
  }

  async put<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#call('PUT', path, body));
  }

  async patch<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#call('PATCH', path, body));
  }

  /** Posts the bytes of a file, of any size. */
  async sendFile<T>(path: string, file: string, schema: z.ZodType<T>): Promise<T> {
    const { size } = await stat(file);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': size };
    return schema.parse(
      await this.#exchange('POST', path, headers, (call) => {
        pipeline(createReadStream(file), call).catch((error: Error) => call.destroy(error));
      }),
    );
  }

  async delete<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#call('DELETE', path, undefined));
  }

  #call(method: string, path: string, body: unknown): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    return this.#exchange(method, path, headers, (call) => call.end(text));
  }

  #exchange(
    method: string,
    path: string,
    headers: Readonly<Record<string, string | number>>,
    send: (call: ClientRequest) => void,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.#socketPath, method, path, headers, timeout: 60_000 }, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > answerLimit) call.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        answer.on('end', () => {
          try {
            resolve(read(answer.statusCode ?? 0, Buffer.concat(chunks).toString()));
          } catch (error) {
            reject(error);
          }
        });
        answer.on('error', reject);
      });
      call.on('timeout', () => call.destroy(new Error('no answer within 60 s')));
      call.on('error', (cause: NodeJS.ErrnoException) => reject(this.#unreachable(cause)));
      send(call);
    });
  }

  #unreachable(cause: NodeJS.ErrnoException): PicketError {
    return new PicketError({
      code: 'cli.platform-not-running',
      kind: 'operational',
      message: `No platform answers at ${this.#socketPath} (${cause.code ?? cause.message}).`,
      hint: 'Start it with "npm start" or "picket platform", or name its data directory with --data DIR.',
      cause,
    });
  }
}

function read(status: number, text: string): unknown {
  const value: unknown = text === '' ? null : JSON.parse(text);
  if (status < 400) return value;
  const refusal = problem.safeParse(value);
  if (refusal.success) throw new ApiRefusal(refusal.data);
  throw new PicketError({
    code: 'cli.bad-answer',
    kind: 'operational',
    message: `The platform answered with status ${status}.`,
  });
}
