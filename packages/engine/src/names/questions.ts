import type { NameQuestion } from './name-question.ts';
import { llmnr } from './questions/llmnr.ts';
import { mdns } from './questions/mdns.ts';
import { netbios } from './questions/netbios.ts';
import { smb } from './questions/smb.ts';
import { snmp } from './questions/snmp.ts';

/** Every way to ask a host itself for its names, in the order in which they are asked. A test proves that the folder agrees. */
export const nameQuestions: readonly NameQuestion[] = [netbios, mdns, llmnr, snmp, smb];
