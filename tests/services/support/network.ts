import { Worker } from 'node:worker_threads';
import { environmentManager } from '@tanstack/svelte-query';
import type { FaultRule } from 'local-ic';
import { vi } from 'vitest';
import type { CanisterName } from '../../../scripts/lib/canisters.ts';
import type { AppConfig } from '../../../src/lib/config/config';
import { parseConfig } from '../../../src/lib/config/loadConfig';
import type { Answer, NetworkCall } from './networkProtocol.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** How long the real world may take for what takes no time on the network. */
const PATIENCE_MS = 20_000;
const realNow = performance.now.bind(performance);

interface Passing {
  /** How far the clocks go at a time; 5 s unless given. */
  readonly stepMs?: number;
  /** Awaited after each step: lets the real world work. By default 20 ms. */
  readonly settled?: () => Promise<void>;
}

export interface Network {
  readonly config: AppConfig;
  /** Moves the network's clock, then the page's clock and its timers, step by step so that neither runs away. */
  pass(ms: number, how?: Passing): Promise<void>;
  /** Sets the page's clock to the network's time. */
  setClock(): Promise<void>;
  /** Lets the real world work until this holds, while both clocks stand still. */
  until(holds: () => boolean, what?: string): Promise<void>;
  stop(canister: CanisterName): Promise<void>;
  start(canister: CanisterName): Promise<void>;
  /** From now on this goes wrong; local-ic/docs/faults.md lists what can. Times of faults between client and network are real time. */
  addFault(rule: FaultRule): Promise<{ fired(): Promise<number> }>;
  clearFaults(): Promise<void>;
  /** A canister that is none of ours, see stranger.mo. Resolves with its id. */
  deployStranger(): Promise<string>;
  /** A canister without code. Resolves with its id. */
  createEmptyCanister(): Promise<string>;
  grantOperator(principal: string): Promise<void>;
  /** From now on the legacy platform does what the live one does: anybody may settle anything, and it pays every time. */
  misbehave(): Promise<void>;
  openLegacyAccount(principal: string, btc: number): Promise<void>;
  /** Satoshis on the legacy platform. */
  legacyBalance(principal: string): Promise<bigint>;
  /** Resolves with the position's id. The strike is 2.50 USD beyond the newest price. */
  placeLegacyTrade(principal: string, direction: 'call' | 'put', expiry: string, contracts: bigint): Promise<bigint>;
  close(): Promise<void>;
}

/** Starts a network with the exchange, and fakes this process's timers at its time. */
export async function startNetwork(): Promise<Network> {
  const worker = new Worker(new URL('./networkWorker.ts', import.meta.url), { execArgv: [] });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const ready = new Promise<unknown>((resolve, reject) => {
    waiting.set(0, { resolve, reject });
    worker.once('error', reject);
  });
  worker.on('message', (answer: Answer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) waiter?.reject(new Error(answer.error));
    else waiter?.resolve(answer.value);
  });
  let lastId = 0;
  const ask = <T>(call: NetworkCall): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id: lastId, call });
    });
  await ready;

  const { config, url } = await ask<{ config: string; url: string }>({ kind: 'config' });
  const nowMs = async (): Promise<number> => Number((await ask<bigint>({ kind: 'now' })) / 1_000_000n);
  vi.useFakeTimers({ now: await nowMs(), toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  // The query engine starts no timers where it believes to be on a server, which it does in Node.
  environmentManager.setIsServer(() => false);

  return {
    config: { ...parseConfig(JSON.parse(config)), host: url.replace('127.0.0.1', 'localhost') },
    pass: async (ms, { stepMs = 5 * SECOND, settled = () => breathe(20) } = {}) => {
      for (let left = ms; left > 0; left -= stepMs) {
        const step = Math.min(left, stepMs);
        await ask({ kind: 'advance', ns: BigInt(step) * 1_000_000n });
        await vi.advanceTimersByTimeAsync(step);
        await settled();
      }
    },
    setClock: async () => void vi.setSystemTime(await nowMs()),
    until: async (holds, what = 'this') => {
      const deadline = realNow() + PATIENCE_MS;
      while (!holds()) {
        if (realNow() > deadline) throw new Error(`waited in vain for ${what}`);
        await breathe(1);
      }
    },
    stop: (canister) => ask({ kind: 'stop', canister }),
    start: (canister) => ask({ kind: 'start', canister }),
    addFault: async (rule) => {
      const number = await ask<number>({ kind: 'addFault', rule });
      return { fired: () => ask({ kind: 'fired', rule: number }) };
    },
    clearFaults: () => ask({ kind: 'clearFaults' }),
    deployStranger: () => ask({ kind: 'deployStranger' }),
    createEmptyCanister: () => ask({ kind: 'createEmptyCanister' }),
    grantOperator: (principal) => ask({ kind: 'grantOperator', principal }),
    misbehave: () => ask({ kind: 'misbehave' }),
    openLegacyAccount: (principal, btc) => ask({ kind: 'openLegacyAccount', principal, btc }),
    legacyBalance: (principal) => ask({ kind: 'legacyBalance', principal }),
    placeLegacyTrade: (principal, direction, expiry, contracts) =>
      ask({ kind: 'placeLegacyTrade', principal, direction, expiry, contracts }),
    close: async () => {
      vi.useRealTimers();
      await ask({ kind: 'close' });
      await worker.terminate();
    }
  };
}

/** Real time for sockets and signatures: faked timers know nothing of it. */
async function breathe(ms: number): Promise<void> {
  const end = realNow() + ms;
  do await new Promise((resolve) => setImmediate(resolve));
  while (realNow() < end);
}
