import { liveEvent, type LiveEvent } from '@picket/contracts/api/scan';
import { useEffect, useReducer, useRef } from 'react';
import { apiBase } from '../api/client.ts';
import { type Connection, initialLive, liveReducer } from './connection.ts';

/** Named events that the stream may carry; the unnamed one is `message`. */
const eventNames = ['message', 'scan', 'ledger', 'finding', 'appliance'] as const;

/** Server-sent events of `path`, each through its schema; what cannot be read is dropped. The browser reconnects by itself. */
export function useLive(path: string | null, onEvent: (event: LiveEvent) => void): Connection {
  const [state, dispatch] = useReducer(liveReducer, initialLive);
  const handler = useRef(onEvent);
  useEffect(() => {
    handler.current = onEvent;
  });
  useEffect(() => {
    if (path === null) return;
    const source = new EventSource(`${apiBase}${path}`);
    source.onopen = () => dispatch({ kind: 'opened', at: Date.now() });
    source.onerror = () => dispatch({ kind: 'lost', at: Date.now() });
    const onMessage = (message: MessageEvent<string>) => {
      dispatch({ kind: 'heard', at: Date.now() });
      const event = readEvent(message.data);
      if (event) handler.current(event);
    };
    for (const name of eventNames) source.addEventListener(name, onMessage);
    const timer = setInterval(() => dispatch({ kind: 'tick', at: Date.now() }), 5000);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [path]);
  return state.connection;
}

function readEvent(text: string): LiveEvent | null {
  try {
    const parsed = liveEvent.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
