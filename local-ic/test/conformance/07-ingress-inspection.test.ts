import { beforeEach, describe, expect, it } from 'vitest';
import { STRANGER } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import { rejectOf, startUniversalNetwork, textOf, type UniversalCanister, type UniversalNetwork } from '../universal/universalNetwork.ts';
import { api, bytes, equal, load64, methodName, text } from '../universal/values.ts';
import { manage, canisterArgument } from './management.ts';

const REFUSED = { code: 4, errorCode: 'IC0406' };

describe('Ingress message inspection', () => {
  let network: UniversalNetwork;
  beforeEach(async () => {
    network = await startUniversalNetwork();
  });

  const inspecting = (inspect: Program): Promise<UniversalCanister> =>
    network.universal({ inspect: true, program: program().store('inspect', inspect) });
  const accept = (): Program => program().call('accept_message');
  const hello = program().reply(text('hello'));

  it('takes every message without canister_inspect_message', async () => {
    expect(textOf(await (await network.universal()).update(hello))).toBe('hello');
  });

  it('takes what it accepts', async () => {
    expect(textOf(await (await inspecting(accept())).update(hello))).toBe('hello');
  });

  it('refuses what it does not accept', async () => {
    expect(rejectOf(await (await inspecting(program())).update(hello))).toMatchObject(REFUSED);
  });

  it('refuses when it traps, even behind the acceptance', async () => {
    expect(rejectOf(await (await inspecting(accept().trap())).update(hello))).toMatchObject(REFUSED);
  });

  it('traps when it accepts twice', async () => {
    expect(rejectOf(await (await inspecting(accept().call('accept_message'))).update(hello))).toMatchObject(REFUSED);
    expect(network.log.join()).toContain('already accepted');
  });

  it('knows method, argument and caller', async () => {
    const when = program().when(equal(api('msg_method_name_size'), 6), program().when(equal(api('msg_caller_size'), 29), accept()));
    const canister = await inspecting(when);
    expect(textOf(await canister.update(hello, STRANGER))).toBe('hello');
    expect(rejectOf(await canister.call('query', hello.bytes()))).toMatchObject(REFUSED);
  });

  it('reads the name of the method', async () => {
    const canister = await inspecting(program().call('debug_print', methodName).also(accept()));
    await canister.update(hello);
    expect(network.log.join()).toContain('] update');
  });

  it('can change nothing', async () => {
    const canister = await inspecting(program().increase(Address.heap).growStable(1).also(accept()));
    await canister.update(hello);
    expect(await canister.number(program().reply(load64(Address.heap)))).toBe(0n);
    expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
  });

  it('is asked for query methods that are called as updates', async () => {
    expect(rejectOf(await (await inspecting(program())).replicatedQuery(hello))).toMatchObject(REFUSED);
  });

  it('is not asked for queries', async () => {
    expect(textOf(await (await inspecting(program())).query(hello))).toBe('hello');
  });

  it('is not asked for calls of other canisters, nor of itself', async () => {
    const canister = await inspecting(program());
    const other = await network.universal();
    expect(textOf(await other.update(program().forward({ callee: canister.bytes, arg: hello })))).toBe('hello');
    const task = program().callTo({ callee: bytes(canister.bytes), arg: program().store64(Address.heap, 5).reply() });
    await canister.install('reinstall', { inspect: true, program: program().store('globalTimer', task).call('global_timer_set', 1) });
    await network.engine.advance(1n);
    expect(await canister.number(program().reply(load64(Address.heap)))).toBe(5n);
  });

  it('is not asked for calls of the management canister about it', async () => {
    const canister = await inspecting(program());
    expect((await manage(network, 'stop_canister', canisterArgument(canister.id))).kind).toBe('reply');
  });

  it('is replaced by an upgrade', async () => {
    const canister = await inspecting(program());
    await canister.install('upgrade', { inspect: false });
    expect(textOf(await canister.update(hello))).toBe('hello');
  });
});
