import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli } from './support/cli.ts';
import { recursion, type Recursion } from './support/interfaces.ts';
import { fixtureWasm } from './support/network.ts';

interface Management {
  provisional_create_canister_with_cycles(argument: { amount: []; settings: []; specified_id: [] }): Promise<{ canister_id: Principal }>;
  install_code(argument: { mode: { install: null }; canister_id: Principal; wasm_module: Uint8Array; arg: Uint8Array }): Promise<void>;
}

const management: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    provisional_create_canister_with_cycles: IDL.Func(
      [IDL.Record({ amount: IDL.Opt(IDL.Nat), settings: IDL.Opt(IDL.Empty), specified_id: IDL.Opt(IDL.Principal) })],
      [IDL.Record({ canister_id: IDL.Principal })]
    ),
    install_code: IDL.Func(
      [
        IDL.Record({
          mode: IDL.Variant({ install: IDL.Null }),
          canister_id: IDL.Principal,
          wasm_module: IDL.Vec(IDL.Nat8),
          arg: IDL.Vec(IDL.Nat8)
        })
      ],
      []
    )
  });

/** Installs a fixture as anybody can: over HTTP. */
async function install(agent: HttpAgent, wasm: Uint8Array): Promise<Principal> {
  const actorFor = (effectiveCanisterId: Principal) =>
    Actor.createActor<Management>(management, {
      agent,
      canisterId: Principal.managementCanister(),
      callTransform: () => ({ effectiveCanisterId })
    });
  const anyId = Principal.fromText('rwlgt-iiaaa-aaaaa-aaaaa-cai');
  const created = await actorFor(anyId).provisional_create_canister_with_cycles({ amount: [], settings: [], specified_id: [] });
  const arg = new Uint8Array(IDL.encode([], []));
  await actorFor(created.canister_id).install_code({ mode: { install: null }, canister_id: created.canister_id, wasm_module: wasm, arg });
  return created.canister_id;
}

describe('deep recursion in `local-ic start`', () => {
  let network: Awaited<ReturnType<typeof startCli>>;
  let canister: Recursion;

  beforeAll(async () => {
    network = await startCli();
    const agent = await HttpAgent.create({ host: network.url, shouldFetchRootKey: true, identity: Ed25519KeyIdentity.generate() });
    canister = Actor.createActor<Recursion>(recursion, { agent, canisterId: await install(agent, await fixtureWasm('recursion')) });
  });
  afterAll(async () => {
    expect(await network.stop()).toBe(0);
  });

  it('reaches 100,000 calls one inside the other', async () => {
    const before = await canister.total();
    expect(await canister.recurse(100_000n)).toBe(100_000n);
    expect((await canister.total()) - before).toBe(100_001n);
  });

  it('is a trap beyond the stack: nothing of the message is left, and the network goes on', async () => {
    const before = await canister.total();
    await expect(canister.recurse(5_000_000n)).rejects.toThrow(/Canister trapped: stack overflow/);
    expect(await canister.total()).toBe(before);
    expect(await canister.recurse(10n)).toBe(10n);
    expect((await canister.total()) - before).toBe(11n);
  });
});
