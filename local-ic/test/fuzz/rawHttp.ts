import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a connection may stay open after all was said. */
const MAX_MS = 5_000;

/**
 * Writes pieces to a connection of its own, one packet each, and collects what comes back until the server closes it.
 * @param ending `end`: the client says that nothing more comes; `destroy`: it is gone
 * @throws Error when the server keeps the connection
 */
export async function exchange(port: number, pieces: readonly Uint8Array[], ending: 'end' | 'destroy'): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  // The server may close in the middle of a write; what it had to say before has arrived.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('end', () => socket.end());
  });
  for (const piece of pieces) {
    if (!socket.destroyed && socket.writable) socket.write(piece);
    await sleep(0);
  }
  if (ending === 'end') socket.end();
  else socket.destroy();
  const late = new AbortController();
  const hung = sleep(MAX_MS, 'hung', { signal: late.signal }).catch(() => undefined);
  if ((await Promise.race([closed, hung])) === 'hung') {
    socket.destroy();
    throw new Error(`the server kept the connection for ${MAX_MS} ms`);
  }
  late.abort();
  return Buffer.concat(received).toString('latin1');
}

/** The status codes of the answers in what came back. */
export function statuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code));
}

/** Cuts bytes at these places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, i) => bytes.slice(sorted[i], end));
}
