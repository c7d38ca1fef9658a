import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Ballast } from './ballast.ts';

const PROGRAM = new URL('httpServer.ts', import.meta.url).pathname;

/** A network in another process, with the fixture installed. */
export interface BenchServer {
  url: string;
  canisterId: string;
  /** Processor time the server has used so far. */
  processorMs(): Promise<number>;
  close(): Promise<void>;
}

export type Method = keyof Ballast;

export async function startServer(stateDir?: string): Promise<BenchServer> {
  const child = fork(PROGRAM, stateDir === undefined ? [] : [stateDir]);
  const exit = once(child, 'exit');
  const next = async <T>(): Promise<T> => {
    const message: unknown = await Promise.race([once(child, 'message').then(([value]: unknown[]) => value), exit.then(() => undefined)]);
    if (message === undefined) throw new Error('The server of the bench has ended');
    return message as T;
  };
  const { url, canisterId } = await next<{ url: string; canisterId: string }>();
  return {
    url,
    canisterId,
    async processorMs() {
      child.send('processor time');
      return (await next<{ processorMs: number }>()).processorMs;
    },
    async close() {
      child.disconnect();
      await exit;
    }
  };
}
