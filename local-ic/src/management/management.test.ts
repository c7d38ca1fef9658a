import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { callee, caller, counter, type Callee, type Caller, type Counter } from '../../test/support/interfaces.ts';
import { managementOf as managementFor, UNCHANGED, type Management, type SettingsArgument } from '../../test/support/management.ts';
import { ADMIN, fixtureWasm, initArgument, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';

let network: TestNetwork;
beforeEach(async () => {
  network = await startNetwork();
});

const managementOf = (sender: Principal): Management => managementFor(network.engine, sender);

async function create(sender = ADMIN): Promise<Principal> {
  const { canister_id } = await managementOf(sender).provisional_create_canister_with_cycles({
    amount: [5n],
    settings: [],
    specified_id: []
  });
  return canister_id;
}

describe('the management canister', () => {
  it('takes a canister through its life', async () => {
    const management = managementOf(ADMIN);
    const canister_id = await create();
    expect(canister_id.toText()).toBe('rwlgt-iiaaa-aaaaa-aaaaa-cai');
    await management.install_code({
      mode: { install: null },
      canister_id,
      wasm_module: await fixtureWasm('counter'),
      arg: initArgument({ start: 1n })
    });
    const actor = network.actor<Counter>(counter, canister_id);
    expect(await actor.increment()).toBe(2n);
    const status = await management.canister_status({ canister_id });
    expect(status).toMatchObject({ status: { running: null }, cycles: 5n, settings: { controllers: [ADMIN] } });
    expect(status.module_hash[0]).toEqual(network.engine.canister(canister_id)?.moduleHash);
    expect(status.memory_size).toBeGreaterThan(1_000_000n);
    await expect(management.delete_canister({ canister_id })).rejects.toMatchObject({ errorCode: 'IC0510' });
    await management.stop_canister({ canister_id });
    await management.stop_canister({ canister_id });
    await management.start_canister({ canister_id });
    await management.start_canister({ canister_id });
    expect(await actor.get()).toBe(2n);
    await management.uninstall_code({ canister_id });
    await expect(actor.get()).rejects.toMatchObject({ errorCode: 'IC0537' });
    await management.stop_canister({ canister_id });
    await management.delete_canister({ canister_id });
    expect(network.engine.canister(canister_id)).toBeUndefined();
    await expect(actor.get()).rejects.toMatchObject({ code: 3, errorCode: 'IC0301' });
    expect((await create()).toText()).not.toBe(canister_id.toText());
  });

  it('creates a canister with the asked-for id, once, and never gives that id again', async () => {
    const second = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
    const createIt = () =>
      managementOf(ADMIN).provisional_create_canister_with_cycles({ amount: [], settings: [], specified_id: [second] });
    expect((await createIt()).canister_id.toText()).toBe(second.toText());
    await expect(createIt()).rejects.toMatchObject({ errorCode: 'IC0538' });
    const ids = [await create(), await create()].map((id) => id.toText());
    expect(ids).toEqual(['rwlgt-iiaaa-aaaaa-aaaaa-cai', 'ryjl3-tyaaa-aaaaa-aaaba-cai']);
  });

  it('obeys controllers only', async () => {
    const canister_id = await create();
    const stranger = managementOf(STRANGER);
    const refused = { code: 5, errorCode: 'IC0512', message: /Only controllers of canister .* can call ic00 method/ };
    const wasm_module = await fixtureWasm('counter');
    for (const attempt of [
      stranger.install_code({ mode: { install: null }, canister_id, wasm_module, arg: initArgument({ start: 1n }) }),
      stranger.update_settings({ canister_id, settings: { ...UNCHANGED, controllers: [[STRANGER]] } }),
      stranger.canister_status({ canister_id }),
      stranger.start_canister({ canister_id }),
      stranger.stop_canister({ canister_id }),
      stranger.uninstall_code({ canister_id }),
      stranger.delete_canister({ canister_id })
    ]) {
      await expect(attempt).rejects.toMatchObject(refused);
    }
    expect(network.engine.canister(canister_id)).toMatchObject({ controllers: [ADMIN], status: 'running', moduleHash: undefined });
  });

  it('changes controllers and settings, and refuses values out of bounds', async () => {
    const management = managementOf(ADMIN);
    const canister_id = await create();
    const settings: SettingsArgument = { ...UNCHANGED, controllers: [[ADMIN, STRANGER, STRANGER]], freezing_threshold: [7n] };
    await management.update_settings({ canister_id, settings });
    const status = await managementOf(STRANGER).canister_status({ canister_id });
    expect(status.settings).toMatchObject({ controllers: [ADMIN, STRANGER], freezing_threshold: 7n });
    const tooMuch: SettingsArgument = { ...UNCHANGED, compute_allocation: [101n] };
    await expect(management.update_settings({ canister_id, settings: tooMuch })).rejects.toMatchObject({ code: 5, errorCode: 'IC0504' });
  });

  it('refuses what it does not have, what it can not read, and what only canisters may call', async () => {
    const management = managementOf(ADMIN);
    await expect(management.not_there()).rejects.toMatchObject({ errorCode: 'IC0536' });
    await expect(management.raw_rand()).rejects.toMatchObject({ code: 4, errorCode: 'IC0406' });
    const call = { canisterId: Principal.managementCanister(), method: 'canister_status', arg: Uint8Array.of(1, 2), sender: ADMIN };
    expect(await network.engine.update(call)).toMatchObject({ code: 4, errorCode: 'IC0408' });
    await expect(management.canister_status({ canister_id: STRANGER })).rejects.toMatchObject({ errorCode: 'IC0301' });
  });

  it('adds cycles', async () => {
    const canister_id = await create();
    await managementOf(STRANGER).provisional_top_up_canister({ canister_id, amount: 37n });
    expect((await managementOf(ADMIN).canister_status({ canister_id })).cycles).toBe(42n);
  });

  it('draws random bytes from the seed alone', async () => {
    const draw = async (fill: number): Promise<Uint8Array> => {
      const seeded = await startNetwork({ randomSeed: new Uint8Array(32).fill(fill) });
      const id = await seeded.install('caller', { callee: ADMIN });
      return seeded.actor<Caller>(caller, id).random();
    };
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });

  it('rejects the open calls of a canister whose code is removed', async () => {
    const calleeId = await network.install('callee');
    const callerId = await network.install('caller', { callee: calleeId });
    const open = network.actor<Caller>(caller, callerId).waitForRelease();
    const rejected = expect(open).rejects.toMatchObject({ message: /uninstalled/ });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await managementOf(ADMIN).uninstall_code({ canister_id: callerId });
    await rejected;
    await network.actor<Callee>(callee, calleeId).release();
    await network.engine.idle();
    await managementOf(ADMIN).stop_canister({ canister_id: callerId });
    expect(network.engine.canister(callerId)?.status).toBe('stopped');
  });
});
