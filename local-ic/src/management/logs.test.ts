import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { managementOf, UNCHANGED, type Management } from '../../test/support/management.ts';
import { ADMIN, SECOND_NS, START_NS, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';
import { assemble, op } from '../../test/support/wasm.ts';

const text = 'printed';
const print = [...op.i32(0), ...op.i32(text.length), ...op.call(0)];
const wasm = assemble({
  memoryPages: 1,
  imports: [{ name: 'debug_print', params: ['i32', 'i32'] }, { name: 'trap', params: ['i32', 'i32'] }, { name: 'msg_reply' }],
  functions: [
    { exportAs: 'canister_init', body: print },
    { exportAs: 'canister_update print', body: [...print, ...op.call(2)] },
    { exportAs: 'canister_query look', body: [...print, ...op.call(2)] },
    { exportAs: 'canister_update trap', body: [...print, ...op.i32(0), ...op.i32(5), ...op.call(1)] },
    { exportAs: 'canister_update silent', body: [...op.i32(0), ...op.i32(0), ...op.call(1)] },
    { exportAs: 'canister_update unreachable', body: op.unreachable },
    { exportAs: 'canister_update much', body: [...op.i32(0), ...op.i32(3_000), ...op.call(0), ...op.call(2)] }
  ],
  data: { offset: 0, bytes: [...new TextEncoder().encode(text)] }
});

let network: TestNetwork;
let management: Management;
let canister_id: Principal;
beforeEach(async () => {
  network = await startNetwork();
  management = managementOf(network.engine, ADMIN);
  canister_id = await network.install(wasm);
});

const run = (method: string) => network.engine.update({ canisterId: canister_id, method, arg: new Uint8Array(), sender: ADMIN });

async function lines(of = management): Promise<string[]> {
  const { canister_log_records } = await of.fetch_canister_logs({ canister_id });
  return canister_log_records.map(({ idx, content }) => `${idx} ${new TextDecoder().decode(content)}`);
}

describe('the log of a canister', () => {
  it('has what was printed and why it trapped, of trapped messages, too', async () => {
    await run('print');
    await network.engine.advance(SECOND_NS);
    await run('trap');
    await run('silent');
    await run('unreachable');
    expect(await lines()).toEqual([
      '0 printed',
      '1 printed',
      '2 printed',
      '3 [TRAP]: print',
      '4 [TRAP]: (no message)',
      '5 [TRAP]: unreachable'
    ]);
    const { canister_log_records } = await management.fetch_canister_logs({ canister_id });
    const times = canister_log_records.map(({ timestamp_nanos }) => timestamp_nanos - START_NS);
    expect(times).toEqual([0n, 0n, ...Array<bigint>(4).fill(SECOND_NS)]);
  });

  it('has nothing of queries, but of a query that ran as an update', async () => {
    const look = { canisterId: canister_id, method: 'look', arg: new Uint8Array(), sender: ADMIN };
    await network.engine.query(look);
    expect(await lines()).toEqual(['0 printed']);
    await network.engine.update(look);
    expect(await lines()).toEqual(['0 printed', '1 printed']);
  });

  it('has 4 KiB, the newest', async () => {
    await run('much');
    await run('print');
    await run('much');
    const { canister_log_records } = await management.fetch_canister_logs({ canister_id });
    expect(canister_log_records.map(({ idx }) => idx)).toEqual([2n, 3n]);
  });

  it('outlives an upgrade, and neither a reinstallation nor the code', async () => {
    await network.upgrade(canister_id, wasm, { keep: false });
    expect(await lines()).toEqual(['0 printed']);
    const install = { canister_id, wasm_module: wasm, arg: new Uint8Array() };
    await management.install_code({ ...install, mode: { reinstall: null } });
    expect(await lines()).toEqual(['1 printed']);
    await management.uninstall_code({ canister_id });
    expect(await lines()).toEqual([]);
  });

  it('is read by whom the settings allow', async () => {
    const stranger = managementOf(network.engine, STRANGER);
    const anonymous = managementOf(network.engine, Principal.anonymous());
    const refused = { code: 4, errorCode: 'IC0406', message: /is not allowed to access canister logs/ };
    await expect(lines(stranger)).rejects.toMatchObject(refused);
    const set = (log_visibility: { public: null } | { allowed_viewers: Principal[] }) =>
      management.update_settings({ canister_id, settings: { ...UNCHANGED, log_visibility: [log_visibility] } });
    await set({ allowed_viewers: [STRANGER] });
    expect(await lines(stranger)).toHaveLength(1);
    expect(await lines()).toHaveLength(1);
    await expect(lines(anonymous)).rejects.toMatchObject(refused);
    await set({ public: null });
    expect(await lines(anonymous)).toHaveLength(1);
    expect((await management.canister_status({ canister_id })).settings).toMatchObject({ log_visibility: { public: null } });
  });

  it('is for queries only', async () => {
    const canisterId = Principal.managementCanister();
    const result = await network.engine.update({ canisterId, method: 'fetch_canister_logs', arg: new Uint8Array(), sender: ADMIN });
    expect(result).toMatchObject({
      errorCode: 'IC0406',
      message: 'ic00 method fetch_canister_logs can not be called via ingress messages'
    });
    const query = await network.engine.query({ canisterId, method: 'start_canister', arg: new Uint8Array(), sender: ADMIN });
    expect(query).toMatchObject({ errorCode: 'IC0536', message: /Query method start_canister not found/ });
  });
});
