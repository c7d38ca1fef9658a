import { Actor, HttpAgent } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { idlFactory as ledgerIdl, type _SERVICE as Ledger } from '../../src/lib/canisters/ledger/ledger.did.js';
import { startExchange } from '../e2e/support/start.ts';
import type { Row } from './bench.ts';

const seconds = 4;

/** Calls a second that `call` reaches with this many at once, over a fixed time. */
async function rate(call: () => Promise<unknown>, concurrency: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      await call();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return done / seconds;
}

/**
 * The real agent over HTTP, signing with Ed25519 and verifying certificates and query signatures, in the same process as the network; compared with
 * the same calls in process, without HTTP and cryptography.
 */
export async function throughput(): Promise<Row[]> {
  const running = await startExchange();
  try {
    const identity = Ed25519KeyIdentity.generate();
    const agent = await HttpAgent.create({ host: running.url, identity, shouldFetchRootKey: true });
    const remote = Actor.createActor<Ledger>(ledgerIdl, { agent, canisterId: running.exchange.ids.ledger });
    const local = running.exchange.as(identity.getPrincipal()).ledger;
    const account = { owner: identity.getPrincipal(), subaccount: [] as [] };
    const update = (ledger: Ledger) => () => ledger.mint_test_bitcoin({ to: account, amount: 1n });
    const query = (ledger: Ledger) => () => ledger.icrc1_balance_of(account);
    await rate(update(remote), 4); // warm
    const inProcess = { updates: await rate(update(local), 8), queries: await rate(query(local), 8) };
    return [
      {
        what: 'updates through HTTP, agent verifying in the same process, one at a time',
        value: await rate(update(remote), 1),
        unit: '/s',
        comparedWith: 'in process',
        other: inProcess.updates
      },
      {
        what: 'updates through HTTP, agent verifying in the same process, 16 at once',
        value: await rate(update(remote), 16),
        unit: '/s',
        comparedWith: 'in process',
        other: inProcess.updates
      },
      {
        what: 'queries through HTTP, agent verifying in the same process, one at a time',
        value: await rate(query(remote), 1),
        unit: '/s',
        comparedWith: 'in process',
        other: inProcess.queries
      },
      {
        what: 'queries through HTTP, agent verifying in the same process, 16 at once',
        value: await rate(query(remote), 16),
        unit: '/s',
        comparedWith: 'in process',
        other: inProcess.queries
      }
    ];
  } finally {
    await running.close();
  }
}
