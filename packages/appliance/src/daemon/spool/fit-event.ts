import type { EngineEvent } from '@picket/contracts/event';
import { applianceLimits } from '@picket/contracts/protocol';

/** Room for sequence number and ids around the event in its spool line, bytes. */
const envelopeBytes = 512;
const cutCharacters = 2048;

/** An event small enough for one spool line: evidence is shortened rather than the fact lost. */
export function fitEvent(event: EngineEvent): EngineEvent {
  if (fits(event)) return event;
  if (event.type === 'finding') {
    const { request, response } = event.evidence;
    return {
      ...event,
      evidence: {
        ...(event.evidence.matcher === undefined ? {} : { matcher: event.evidence.matcher }),
        ...(request === undefined ? {} : { request: request.slice(0, cutCharacters) }),
        ...(response === undefined ? {} : { response: response.slice(0, cutCharacters) }),
      },
    };
  }
  if (event.type === 'unit') {
    const { coverage: _, ...rest } = event;
    return { ...rest, detail: 'The list of tested ports was too long to be sent.' };
  }
  if (event.type === 'service') {
    const { evidence: _, tls: __, ...rest } = event;
    return rest;
  }
  if (event.type === 'checked') {
    const slim = { ...event, notEvaluable: event.notEvaluable.map(({ check, reason }) => ({ check, reason })) };
    if (fits(slim)) return slim;
  }
  return {
    type: 'note',
    unit: event.unit,
    time: event.time,
    level: 'warning',
    code: 'spool.event-too-large',
    message: `An event of type ${event.type} was larger than ${applianceLimits.eventBytes} bytes and was left out.`,
  };
}

function fits(event: EngineEvent): boolean {
  return Buffer.byteLength(JSON.stringify(event)) + envelopeBytes <= applianceLimits.eventBytes;
}
