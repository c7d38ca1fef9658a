import { Actor, AnonymousIdentity, HttpAgent, type Identity } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalIc, type Listening, type LocalIc } from '../src/index.ts';
import { installAgentFixture } from './support/agentFixture.ts';
import { management, type Management } from './support/management.ts';

/** The management canister through HTTP, with an unmodified agent that checks everything. */
describe('the management canister over HTTP', () => {
  const controller = Ed25519KeyIdentity.generate();
  let ic: LocalIc;
  let server: Listening;
  let canisterId: Principal;
  let other: Principal;
  beforeAll(async () => {
    ic = await createLocalIc();
    canisterId = await installAgentFixture(ic);
    other = await ic.createCanister({ controllers: [controller.getPrincipal()] });
    server = await ic.listen({ port: 0 });
  });
  afterAll(() => ic.close());

  async function actorFor(identity: Identity, effectiveCanisterId: Principal): Promise<Management> {
    const agent = await HttpAgent.create({ host: server.url, rootKey: ic.rootKey, identity });
    const transform = () => ({ effectiveCanisterId });
    return Actor.createActor<Management>(management, {
      agent,
      canisterId: Principal.managementCanister(),
      callTransform: transform,
      queryTransform: transform
    });
  }

  it('creates, changes, fills and reads a canister', async () => {
    const creator = await actorFor(controller, canisterId);
    const { canister_id } = await creator.provisional_create_canister_with_cycles({ amount: [7n], settings: [], specified_id: [] });
    const actor = await actorFor(controller, canister_id);
    expect((await actor.canister_status({ canister_id })).cycles).toBe(7n);
    await actor.provisional_top_up_canister({ canister_id, amount: 5n });
    expect((await actor.canister_status({ canister_id })).cycles).toBe(12n);
    const { hash } = await actor.upload_chunk({ canister_id, chunk: Uint8Array.of(1, 2, 3) });
    expect(await actor.stored_chunks({ canister_id })).toEqual([{ hash }]);
  });

  it('answers queries of logs, and of the status', async () => {
    const actor = await actorFor(controller, other);
    expect(await actor.fetch_canister_logs({ canister_id: other })).toEqual({ canister_log_records: [] });
    const agent = await HttpAgent.create({ host: server.url, rootKey: ic.rootKey, identity: controller });
    const arg = new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: other }]));
    const query = { methodName: 'canister_status', arg, effectiveCanisterId: other };
    expect(await agent.query(Principal.managementCanister(), query)).toMatchObject({ status: 'replied' });
    const anonymous = await actorFor(new AnonymousIdentity(), other);
    await expect(anonymous.fetch_canister_logs({ canister_id: other })).rejects.toThrow(/is not allowed to access canister logs/);
  });

  it('refuses a call that names another canister than its address', async () => {
    const actor = await actorFor(controller, canisterId);
    await expect(actor.canister_status({ canister_id: other })).rejects.toThrow(/does not match effective canister id/);
    await expect(actor.fetch_canister_logs({ canister_id: other })).rejects.toThrow(/does not match effective canister id/);
    const chunked = {
      mode: { install: null },
      target_canister: other,
      store_canister: [] as [],
      chunk_hashes_list: [],
      wasm_module_hash: new Uint8Array(32),
      arg: new Uint8Array()
    };
    await expect(actor.install_chunked_code(chunked)).rejects.toThrow(/does not match effective canister id/);
    const right = await actorFor(controller, other);
    await expect(right.install_chunked_code(chunked)).rejects.toThrow(/does not match given hash/);
  });

  it('refuses users what only canisters may call', async () => {
    const actor = await actorFor(controller, other);
    await expect(actor.raw_rand()).rejects.toThrow(/ic00 method raw_rand can not be called via ingress messages/);
  });
});
