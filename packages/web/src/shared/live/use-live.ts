import { liveEvent, type LiveEvent } from '@picket/contracts/api/scan';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { apiBase } from '../api/client.ts';
import { type Connection, initialLive, liveReducer } from './connection.ts';
import { newStream, nextStream, reopenAfterMs } from './stream-life.ts';

/** Named events that the stream may carry; the unnamed one is `message`. */
const eventNames = ['message', 'scan', 'ledger', 'finding', 'appliance', 'hold'] as const;

/** What a page does with its stream. */
export interface LiveHandlers {
  readonly onEvent: (event: LiveEvent) => void;
  /** It is open again after it was away: what happened meanwhile was not told, so read anew. */
  readonly onReturn: () => void;
}

/**
 * Server-sent events of `path`, each through its schema; what cannot be read is dropped. A hidden page holds no stream:
 * browsers allow six connections to one platform over HTTP/1.1, for all tabs together.
 */
export function useLive(path: string | null, handlers: LiveHandlers): Connection {
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(liveReducer, initialLive);
  const [life, step] = useReducer(nextStream, document.hidden ? nextStream(newStream, 'hidden') : newStream);
  const current = useRef(handlers);
  const openedBefore = useRef(false);
  useEffect(() => {
    current.current = handlers;
  });

  useEffect(() => {
    const onVisibility = () => step(document.hidden ? 'hidden' : 'shown');
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, []);

  useEffect(() => {
    if (life.phase !== 'waiting') return;
    // An event stream does not tell why it was refused: the session does, and leads to the sign-in when it is over.
    void queries.invalidateQueries({ queryKey: ['/session'] });
    const timer = setTimeout(() => step('due'), reopenAfterMs(life.failures, Math.random()));
    return () => clearTimeout(timer);
  }, [life, queries]);

  useEffect(() => {
    if (path === null) return;
    const timer = setInterval(() => dispatch({ kind: 'tick', at: Date.now() }), 5000);
    return () => clearInterval(timer);
  }, [path]);

  const open = life.phase === 'open';
  useEffect(() => {
    if (path === null || !open) return;
    const source = new EventSource(`${apiBase}${path}`);
    source.onopen = () => {
      step('opened');
      dispatch({ kind: 'opened', at: Date.now() });
      if (openedBefore.current) current.current.onReturn();
      openedBefore.current = true;
    };
    source.onerror = () => {
      dispatch({ kind: 'lost', at: Date.now() });
      if (source.readyState === EventSource.CLOSED) step('failed');
    };
    const onMessage = (message: MessageEvent<string>) => {
      dispatch({ kind: 'heard', at: Date.now() });
      const event = readEvent(message.data);
      if (event) current.current.onEvent(event);
    };
    for (const name of eventNames) source.addEventListener(name, onMessage);
    return () => source.close();
  }, [path, open]);
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
