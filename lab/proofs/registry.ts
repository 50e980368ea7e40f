import { httpProofs } from './http.ts';
import { fileProofs, mailProofs } from './mail-and-files.ts';
import { dataProofs, deviceProofs, dnsProofs } from './network-services.ts';
import type { Proof } from './proof.ts';
import { tlsProofs } from './tls.ts';

/** The proof of every weakness that `truth.json` names, by check id. */
export const proofs: Readonly<Record<string, Proof>> = {
  ...httpProofs,
  ...tlsProofs,
  ...fileProofs,
  ...mailProofs,
  ...dnsProofs,
  ...dataProofs,
  ...deviceProofs,
};
