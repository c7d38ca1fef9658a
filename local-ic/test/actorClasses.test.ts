import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { forward, installProxy } from './support/forward.ts';
import { factory, worker, type Factory, type Worker } from './support/interfaces.ts';
import { managementOf } from './support/management.ts';
import { ADMIN, startNetwork, STRANGER, type TestNetwork } from './support/network.ts';

let network: TestNetwork;
let factoryId: Principal;
let actor: Factory;
let proxy: Principal;
beforeEach(async () => {
  network = await startNetwork();
  factoryId = await network.install('factory');
  actor = network.actor<Factory>(factory, factoryId);
  proxy = await installProxy(network);
});

const workerOf = (id: Principal): Worker => network.actor<Worker>(worker, id);

describe('a canister that makes canisters', () => {
  it('gives them cycles of its own, and controls them alone', async () => {
    const before = await actor.balance();
    const id = await actor.make('Ada', 3_000_000_000_000n);
    expect(await workerOf(id).called()).toBe('Ada');
    expect(await workerOf(id).balance()).toBeGreaterThan(2_000_000_000_000n);
    expect(before - (await actor.balance())).toBeGreaterThanOrEqual(3_000_000_000_000n);
    expect(network.engine.canister(id)?.controllers.map(String)).toEqual([factoryId.toText()]);
    await expect(managementOf(network.engine, ADMIN).stop_canister({ canister_id: id })).rejects.toMatchObject({ errorCode: 'IC0512' });
    expect(await workerOf(id).work()).toBe(1n);
  });

  it('can have others control them, too', async () => {
    const id = await actor.makeFor('Bob', 1_000_000_000_000n, [STRANGER, factoryId]);
    const { settings } = await managementOf(network.engine, STRANGER).canister_status({ canister_id: id });
    expect(settings).toMatchObject({ controllers: [STRANGER, factoryId], freezing_threshold: 100n });
  });

  it('upgrades them with their memory, and begins them anew', async () => {
    const id = await actor.make('Cleo', 1_000_000_000_000n);
    await workerOf(id).work();
    await actor.upgrade(id, 'Dora');
    expect(await workerOf(id).called()).toBe('Dora');
    expect(await workerOf(id).work()).toBe(2n);
    await actor.reinstall(id, 'Eve');
    expect(await workerOf(id).called()).toBe('Eve');
    expect(await workerOf(id).work()).toBe(1n);
    const info = await forward(network, proxy, {
      method: 'canister_info',
      type: IDL.Record({ canister_id: IDL.Principal, num_requested_changes: IDL.Opt(IDL.Nat64) }),
      argument: { canister_id: id, num_requested_changes: [20n] },
      reply: IDL.Record({
        total_num_changes: IDL.Nat64,
        recent_changes: IDL.Vec(
          IDL.Record({ origin: IDL.Variant({ from_user: IDL.Reserved, from_canister: IDL.Record({ canister_id: IDL.Principal }) }) })
        )
      })
    });
    expect(info.reply).toMatchObject({ total_num_changes: 4n });
    const { recent_changes } = info.reply as { recent_changes: { origin: { from_canister?: { canister_id: Principal } } }[] };
    expect(recent_changes.map(({ origin }) => origin.from_canister?.canister_id.toText())).toEqual(Array(4).fill(factoryId.toText()));
  });

  it('is told what it may not do', async () => {
    const stranger = await network.engine.createCanister({ controllers: [STRANGER] });
    const result = await forward(network, proxy, {
      method: 'start_canister',
      type: IDL.Record({ canister_id: IDL.Principal }),
      argument: { canister_id: stranger },
      cycles: 7n
    });
    expect(result).toMatchObject({ failure: { code: 5 }, refunded: 7n });
    expect(result.failure?.message).toContain(`IC0512: Only the controllers of the canister ${stranger.toText()} can control it.`);
    expect(result.failure?.message).toContain(`Sender's ID: ${proxy.toText()}`);
  });

  it('can move cycles and draw random bytes', async () => {
    const id = await actor.make('Fay', 1_000_000_000_000n);
    const before = await workerOf(id).balance();
    const deposit = await forward(network, proxy, {
      method: 'deposit_cycles',
      type: IDL.Record({ canister_id: IDL.Principal }),
      argument: { canister_id: id },
      cycles: 5_000_000n
    });
    expect(deposit).toMatchObject({ failure: undefined, refunded: 0n });
    expect((await workerOf(id).balance()) - before).toBe(5_000_000n);
    const random = await forward(network, proxy, { method: 'raw_rand', reply: IDL.Vec(IDL.Nat8) });
    expect(random.reply).toHaveLength(32);
  });

  it.each(['sign_with_ecdsa', 'ecdsa_public_key', 'schnorr_public_key', 'sign_with_schnorr', 'vetkd_public_key', 'vetkd_derive_key'])(
    'is told that there is no %s',
    async (method) => {
      const result = await forward(network, proxy, { method, cycles: 3n });
      expect(result).toMatchObject({ failure: { code: 4 }, refunded: 3n });
      expect(result.failure?.message).toMatch(new RegExp(`^IC0406: ${method} is not supported by this local network: `));
    }
  );

  it.each(['bitcoin_get_balance', 'bitcoin_get_utxos', 'bitcoin_send_transaction', 'bitcoin_get_current_fee_percentiles'])(
    'is told that there is no %s',
    async (method) => {
      expect((await forward(network, proxy, { method })).failure?.message).toMatch(/not supported by this local network: .* no Bitcoin/);
    }
  );

  it('learns about its subnet, and of others that they are not here', async () => {
    network.engine.setRootKey(new Uint8Array(44).fill(5));
    const own = Principal.selfAuthenticating(new Uint8Array(44).fill(5));
    const ask = (subnet_id: Principal) =>
      forward(network, proxy, {
        method: 'subnet_info',
        type: IDL.Record({ subnet_id: IDL.Principal }),
        argument: { subnet_id },
        reply: IDL.Record({ replica_version: IDL.Text })
      });
    expect((await ask(own)).reply).toEqual({ replica_version: 'local-ic' });
    expect((await ask(STRANGER)).failure).toMatchObject({ code: 4, message: /IC0404/ });
    const metrics = await forward(network, proxy, {
      method: 'node_metrics_history',
      type: IDL.Record({ subnet_id: IDL.Principal, start_at_timestamp_nanos: IDL.Nat64 }),
      argument: { subnet_id: own, start_at_timestamp_nanos: 0n },
      reply: IDL.Vec(IDL.Record({ timestamp_nanos: IDL.Nat64 }))
    });
    expect(metrics.reply).toEqual([]);
  });
});
