import { gunzip as gunzipCallback } from 'node:zlib';
import { err, ok, type Result } from '@picket/base/result';

/** Unpacks a gzip body (RFC 1952) off the main thread, never to more than `limit` bytes. */
export function gunzip(body: Uint8Array, limit: number): Promise<Result<Uint8Array, 'too-large' | 'malformed'>> {
  return new Promise((resolve) => {
    gunzipCallback(body, { maxOutputLength: limit }, (error, unpacked) => {
      if (!error) return resolve(ok(new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength)));
      return resolve(err(Reflect.get(error, 'code') === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'malformed'));
    });
  });
}
