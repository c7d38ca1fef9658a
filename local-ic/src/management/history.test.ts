import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { forward, installProxy } from '../../test/support/forward.ts';
import { managementOf, UNCHANGED, type Management } from '../../test/support/management.ts';
import {
  ADMIN,
  fixtureWasm,
  initArgument,
  SECOND_NS,
  START_NS,
  startNetwork,
  STRANGER,
  type TestNetwork
} from '../../test/support/network.ts';

const blob = IDL.Vec(IDL.Nat8);
const Controllers = IDL.Record({ controllers: IDL.Vec(IDL.Principal) });
/** After the specification's ic.did. */
const Info = IDL.Record({
  total_num_changes: IDL.Nat64,
  recent_changes: IDL.Vec(
    IDL.Record({
      timestamp_nanos: IDL.Nat64,
      canister_version: IDL.Nat64,
      origin: IDL.Variant({
        from_user: IDL.Record({ user_id: IDL.Principal }),
        from_canister: IDL.Record({ canister_id: IDL.Principal, canister_version: IDL.Opt(IDL.Nat64) })
      }),
      details: IDL.Variant({
        creation: IDL.Record({ controllers: IDL.Vec(IDL.Principal), environment_variables_hash: IDL.Opt(blob) }),
        code_uninstall: IDL.Null,
        code_deployment: IDL.Record({
          mode: IDL.Variant({ install: IDL.Null, reinstall: IDL.Null, upgrade: IDL.Null }),
          module_hash: blob
        }),
        load_snapshot: IDL.Record({
          from_canister_id: IDL.Opt(IDL.Principal),
          snapshot_id: blob,
          canister_version: IDL.Nat64,
          taken_at_timestamp: IDL.Nat64,
          source: IDL.Variant({ taken_from_canister: IDL.Reserved, metadata_upload: IDL.Reserved })
        }),
        controllers_change: Controllers
      })
    })
  ),
  module_hash: IDL.Opt(blob),
  controllers: IDL.Vec(IDL.Principal)
});
interface InfoValue {
  total_num_changes: bigint;
  recent_changes: { timestamp_nanos: bigint; canister_version: bigint; origin: object; details: Record<string, unknown> }[];
  module_hash: [] | [Uint8Array];
  controllers: Principal[];
}

let network: TestNetwork;
let management: Management;
let proxy: Principal;
beforeEach(async () => {
  network = await startNetwork();
  management = managementOf(network.engine, ADMIN);
  proxy = await installProxy(network);
});

async function infoOf(canister_id: Principal, wanted: [] | [bigint]): Promise<InfoValue> {
  const type = IDL.Record({ canister_id: IDL.Principal, num_requested_changes: IDL.Opt(IDL.Nat64) });
  const argument = { canister_id, num_requested_changes: wanted };
  const { reply, failure } = await forward(network, proxy, { method: 'canister_info', type, argument, reply: Info });
  expect(failure).toBeUndefined();
  return reply as InfoValue;
}

describe('the history of a canister', () => {
  it('tells who changed code and controllers, when, and to which version', async () => {
    const { canister_id } = await management.provisional_create_canister_with_cycles({ amount: [], settings: [], specified_id: [] });
    const code = { canister_id, wasm_module: await fixtureWasm('counter'), arg: initArgument({ start: 1n }) };
    await management.install_code({ ...code, mode: { install: null } });
    await management.update_settings({ canister_id, settings: { ...UNCHANGED, freezing_threshold: [5n] } });
    await management.update_settings({ canister_id, settings: { ...UNCHANGED, controllers: [[ADMIN, STRANGER]] } });
    await network.engine.advance(SECOND_NS);
    const keep = [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }] as [
      { skip_pre_upgrade: []; wasm_memory_persistence: [{ keep: null }] }
    ];
    await managementOf(network.engine, STRANGER).install_code({ ...code, mode: { upgrade: keep } });
    const { id } = await management.take_canister_snapshot({ canister_id, replace_snapshot: [], uninstall_code: [] });
    await management.uninstall_code({ canister_id });
    await management.load_canister_snapshot({ canister_id, snapshot_id: id });
    await management.install_code({ ...code, mode: { reinstall: null } });

    const module_hash = new Uint8Array(createHash('sha256').update(code.wasm_module).digest());
    const user = (user_id: Principal) => ({ from_user: { user_id } });
    const info = await infoOf(canister_id, [20n]);
    expect(info).toMatchObject({ total_num_changes: 7n, module_hash: [module_hash], controllers: [ADMIN, STRANGER] });
    expect(info.recent_changes).toMatchObject([
      { canister_version: 0n, origin: user(ADMIN), details: { creation: { controllers: [ADMIN], environment_variables_hash: [] } } },
      { canister_version: 1n, origin: user(ADMIN), details: { code_deployment: { mode: { install: null }, module_hash } } },
      { canister_version: 3n, origin: user(ADMIN), details: { controllers_change: { controllers: [ADMIN, STRANGER] } } },
      { canister_version: 4n, origin: user(STRANGER), details: { code_deployment: { mode: { upgrade: null } } } },
      { canister_version: 5n, origin: user(ADMIN), details: { code_uninstall: null } },
      {
        canister_version: 6n,
        details: {
          load_snapshot: { snapshot_id: id, canister_version: 4n, taken_at_timestamp: START_NS + SECOND_NS, from_canister_id: [] }
        }
      },
      { canister_version: 7n, details: { code_deployment: { mode: { reinstall: null } } } }
    ]);
    expect(info.recent_changes.map(({ timestamp_nanos }) => timestamp_nanos - START_NS)).toEqual([
      ...[0n, 0n, 0n],
      ...Array<bigint>(4).fill(SECOND_NS)
    ]);
    expect((await infoOf(canister_id, [2n])).recent_changes).toEqual(info.recent_changes.slice(-2));
    expect((await infoOf(canister_id, [])).recent_changes).toEqual([]);
  });

  it('names the canister that made a change, with the version it says it has', async () => {
    const type = IDL.Record({ sender_canister_version: IDL.Opt(IDL.Nat64) });
    const created = await forward(network, proxy, {
      method: 'create_canister',
      type,
      argument: { sender_canister_version: [77n] },
      reply: IDL.Record({ canister_id: IDL.Principal }),
      cycles: 2_000_000_000_000n
    });
    const { canister_id } = created.reply as { canister_id: Principal };
    const { recent_changes, controllers } = await infoOf(canister_id, [1n]);
    expect(controllers).toEqual([proxy]);
    expect(recent_changes[0]?.origin).toEqual({ from_canister: { canister_id: proxy, canister_version: [77n] } });
  });

  it('has a hash of the environment a canister was created with', async () => {
    const environment_variables: [{ name: string; value: string }[]] = [
      [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' }
      ]
    ];
    const { canister_id } = await management.provisional_create_canister_with_cycles({
      amount: [],
      settings: [{ ...UNCHANGED, environment_variables }],
      specified_id: []
    });
    const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
    const pairs = [Buffer.concat([sha256('A'), sha256('1')]), Buffer.concat([sha256('B'), sha256('2')])].sort(Buffer.compare);
    const [creation] = (await infoOf(canister_id, [1n])).recent_changes;
    expect(creation?.details.creation).toMatchObject({ environment_variables_hash: [new Uint8Array(sha256(Buffer.concat(pairs)))] });
  });

  it('keeps the last twenty changes and counts all', async () => {
    const canister_id = await network.engine.createCanister({ controllers: [ADMIN] });
    for (let i = 0; i < 24; i++) await management.update_settings({ canister_id, settings: { ...UNCHANGED, controllers: [[ADMIN]] } });
    const { total_num_changes, recent_changes } = await infoOf(canister_id, [100n]);
    expect(total_num_changes).toBe(25n);
    expect(recent_changes.map(({ canister_version }) => canister_version)).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i + 5)));
  });
});

describe('metadata of a canister', () => {
  const read = async (canister_id: Principal, name: string) =>
    forward(network, proxy, {
      method: 'canister_metadata',
      type: IDL.Record({ canister_id: IDL.Principal, name: IDL.Text }),
      argument: { canister_id, name },
      reply: IDL.Record({ value: blob })
    });

  it('is told to canisters; what is private, to controllers', async () => {
    const canister_id = await network.install('counter', { start: 1n });
    const candid = await read(canister_id, 'candid:service');
    expect(new TextDecoder().decode((candid.reply as { value: Uint8Array }).value)).toContain('increment');
    expect((await read(canister_id, 'no such')).failure).toMatchObject({ code: 4, message: /no metadata section with the name "no such"/ });
    const hidden = 'enhanced-orthogonal-persistence';
    expect((await read(canister_id, hidden)).failure).toMatchObject({ code: 5, message: /IC0512/ });
    await management.update_settings({ canister_id, settings: { ...UNCHANGED, controllers: [[proxy]] } });
    expect((await read(canister_id, hidden)).failure).toBeUndefined();
  });
});
