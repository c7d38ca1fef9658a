import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutcallRunner } from './OutcallRunner.ts';
import { Outcalls, type OutcallResult } from './Outcalls.ts';

let server: Server;
let outcalls: Outcalls;
let results: [number, OutcallResult][];
beforeEach(async () => {
  outcalls = new Outcalls();
  results = [];
  // Takes requests and never answers.
  server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function add(): void {
  outcalls.add({
    origin: { kind: 'canister', canisterKey: '00', callbackId: 1 },
    canisterId: new Uint8Array(),
    refund: 0n,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    method: 'get',
    headers: [],
    body: new Uint8Array(),
    maxResponseBytes: 1_000,
    transform: undefined
  });
}
const deliver = (id: number, result: OutcallResult): void => void results.push([id, result]);

describe('performing HTTP requests', () => {
  it('gives up after a while', async () => {
    add();
    const runner = new OutcallRunner(outcalls, deliver, 50);
    runner.start();
    expect(await runner.next()).toBe(true);
    expect(results).toEqual([[0, { kind: 'failure', code: 2, message: 'Timeout expired' }]]);
    expect(await runner.next()).toBe(false);
  });

  it('begins each request once, however often it is told to', async () => {
    let requests = 0;
    server.on('request', () => requests++);
    const runner = new OutcallRunner(outcalls, deliver, 200);
    add();
    runner.start();
    add();
    runner.start();
    runner.start();
    await runner.next();
    while (await runner.next());
    expect(results.map(([id]) => id).sort()).toEqual([0, 1]);
    expect(requests).toBe(2);
  });

  it('leaves what is under way pending when it is closed', async () => {
    add();
    const runner = new OutcallRunner(outcalls, deliver);
    runner.start();
    const over = runner.next();
    runner.close();
    await over;
    expect(results).toEqual([]);
    expect(outcalls.pending.size).toBe(1);
    runner.start();
    expect(await runner.next()).toBe(false);
  });
});
