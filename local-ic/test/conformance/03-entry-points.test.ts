import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program } from '../universal/Program.ts';
import { numberOf, rejectOf, replyOf, startUniversalNetwork, textOf, type UniversalNetwork } from '../universal/universalNetwork.ts';
import { api, bytes, caller, load64, memory, stable, text, userGlobal } from '../universal/values.ts';

const mark = program().store64(Address.heap, 7);
const readMark = program().reply(load64(Address.heap));

describe('Entry points', () => {
  let network: UniversalNetwork;
  beforeEach(async () => {
    network = await startUniversalNetwork();
  });

  describe('Canister initialization', () => {
    it('runs canister_init with the argument of the installation', async () => {
      const canister = await network.universal({ program: mark });
      expect(await canister.number(readMark)).toBe(7n);
    });

    it('leaves the canister empty when canister_init traps', async () => {
      const canister = await network.empty();
      await expect(canister.install('install', { program: program().also(mark).trap('no') })).rejects.toMatchObject({
        code: 5,
        errorCode: 'IC0503',
        message: expect.stringContaining('no') as string
      });
      expect(rejectOf(await canister.query(readMark))).toMatchObject({ code: 5, errorCode: 'IC0537' });
    });

    it('leaves the old canister when canister_init of a reinstallation traps', async () => {
      const canister = await network.universal({ program: program().also(mark).growStable(2) });
      await expect(canister.install('reinstall', { program: program().growStable(5).trap() })).rejects.toMatchObject({
        errorCode: 'IC0503'
      });
      expect(await canister.number(readMark)).toBe(7n);
      expect(await canister.number(program().reply(api('stable64_size')))).toBe(2n);
    });

    it('discards the stable memory in a reinstallation', async () => {
      const canister = await network.universal({ program: program().growStable(2) });
      await canister.install('reinstall');
      expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
    });

    it('runs the start function first', async () => {
      const canister = await network.universal({ start: mark, program: program().increase(Address.heap) });
      expect(await canister.number(readMark)).toBe(8n);
    });

    it('fails the installation when the start function traps', async () => {
      await expect(network.universal({ start: program().unreachable() })).rejects.toMatchObject({ code: 5, errorCode: 'IC0502' });
    });

    it('tells canister_init who installs', async () => {
      const canister = await network.universal({ program: program().write(Address.heap, caller) });
      expect(replyOf(await canister.query(program().reply(memory(Address.heap, 29))))).toEqual(ADMIN.toUint8Array());
    });
  });

  describe('Canister upgrades', () => {
    it('runs canister_pre_upgrade on the old instance and canister_post_upgrade on the new one', async () => {
      const before = program().growStable(1).writeStable(0, text('old'));
      const canister = await network.universal({ program: program().also(mark).store('preUpgrade', before) });
      await canister.install('upgrade', { program: program().write(Address.heap + 8, stable(0, 3)) });
      expect(textOf(await canister.query(program().reply(memory(Address.heap + 8, 3))))).toBe('old');
    });

    it('discards the Wasm memory and the globals', async () => {
      const canister = await network.universal({ program: program().also(mark).setGlobal(5) });
      await canister.install('upgrade');
      expect(await canister.number(readMark)).toBe(0n);
      expect(await canister.number(program().reply(userGlobal))).toBe(0n);
    });

    it('runs the start function of the new module, and not canister_init', async () => {
      const canister = await network.universal();
      await canister.install('upgrade', { start: mark, program: program().increase(Address.heap) });
      expect(await canister.number(readMark)).toBe(8n);
    });

    it('keeps the stable memory', async () => {
      const canister = await network.universal({ program: program().growStable(3).writeStable(65_536, text('kept')) });
      await canister.install('upgrade');
      expect(textOf(await canister.query(program().reply(stable(65_536, 4))))).toBe('kept');
      expect(await canister.number(program().reply(api('stable64_size')))).toBe(3n);
    });

    it('is undone as a whole when canister_pre_upgrade traps', async () => {
      const canister = await network.universal({ program: program().also(mark).store('preUpgrade', program().growStable(1).trap('stay')) });
      await expect(canister.install('upgrade')).rejects.toMatchObject({ errorCode: 'IC0503' });
      expect(await canister.number(readMark)).toBe(7n);
      expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
    });

    it('is undone as a whole when canister_post_upgrade traps, with what canister_pre_upgrade did', async () => {
      const before = program().growStable(1).writeStable(0, text('lost')).setGlobal(2).store64(Address.heap, 99);
      const canister = await network.universal({ program: program().also(mark).setGlobal(1).store('preUpgrade', before) });
      await expect(canister.install('upgrade', { program: program().growStable(4).trap() })).rejects.toMatchObject({ errorCode: 'IC0503' });
      expect(await canister.number(readMark)).toBe(7n);
      expect(await canister.number(program().reply(userGlobal))).toBe(1n);
      expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
    });

    it('is undone when the start function of the new module traps', async () => {
      const canister = await network.universal({ program: program().also(mark).store('preUpgrade', program().growStable(1)) });
      await expect(canister.install('upgrade', { start: program().trap() })).rejects.toMatchObject({ errorCode: 'IC0503' });
      expect(await canister.number(readMark)).toBe(7n);
      expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
    });

    it('skips canister_pre_upgrade when asked to', async () => {
      const canister = await network.universal({ program: program().store('preUpgrade', program().trap()) });
      await canister.install('upgrade', { skipPreUpgrade: true });
      expect(await canister.number(readMark)).toBe(0n);
    });

    it('discards the memory with wasm_memory_persistence = replace', async () => {
      const canister = await network.universal({ program: mark });
      await canister.install('upgrade', { keep: false });
      expect(await canister.number(readMark)).toBe(0n);
    });

    it('keeps the memory with wasm_memory_persistence = keep, and nothing else', async () => {
      const persistent = { customSections: { 'icp:private enhanced-orthogonal-persistence': '' } };
      const canister = await network.universal({ ...persistent, program: program().also(mark).setGlobal(5) });
      await canister.install('upgrade', { ...persistent, keep: true });
      expect(await canister.number(readMark)).toBe(7n);
      expect(await canister.number(program().reply(userGlobal))).toBe(0n);
    });

    it('refuses to keep the memory for a module that does not support it', async () => {
      const canister = await network.universal({ program: mark });
      await expect(canister.install('upgrade', { keep: true })).rejects.toMatchObject({ code: 5, errorCode: 'IC0504' });
    });

    it('refuses to drop the memory of a module that keeps it, when nothing was said about it', async () => {
      const canister = await network.universal({ customSections: { 'icp:private enhanced-orthogonal-persistence': '' } });
      await expect(canister.install('upgrade')).rejects.toMatchObject({ code: 5, errorCode: 'IC0504' });
    });
  });

  describe('Public methods', () => {
    it('finds a method by its exact name', async () => {
      const canister = await network.universal();
      for (const name of ['', 'updat', 'Update', 'update ', ' update', 'canister_update update']) {
        expect(rejectOf(await canister.call(name, readMark.bytes()))).toMatchObject({ code: 5, errorCode: 'IC0536' });
      }
    });

    it('does not offer canister_init and the like as methods', async () => {
      const canister = await network.universal();
      expect(rejectOf(await canister.call('canister_init', readMark.bytes()))).toMatchObject({ errorCode: 'IC0536' });
    });

    it('rejects calls of an empty canister', async () => {
      const canister = await network.empty();
      expect(rejectOf(await canister.update(readMark))).toMatchObject({ code: 5, errorCode: 'IC0537' });
      expect(rejectOf(await canister.query(readMark))).toMatchObject({ code: 5, errorCode: 'IC0537' });
    });

    it('rejects calls of a canister that is not there', async () => {
      const canister = await network.universal();
      const missing = canister.id.toUint8Array().slice();
      missing[7] = 99;
      const call = { canisterId: Principal.fromUint8Array(missing), method: 'update', arg: readMark.bytes(), sender: ADMIN };
      expect(rejectOf(await network.engine.update(call))).toMatchObject({ code: 3, errorCode: 'IC0301' });
      expect(rejectOf(await network.engine.query(call))).toMatchObject({ code: 3, errorCode: 'IC0301' });
    });
  });

  describe('Heartbeat', () => {
    it('beats again and again, as the management canister, and can neither reply nor reject', async () => {
      const onBeat = program()
        .increase(Address.heap)
        .store64(Address.heap + 8, api('msg_caller_size'));
      const canister = await network.universal({ heartbeat: true, program: program().store('heartbeat', onBeat) });
      await network.engine.advance(3_000_000_000n);
      expect(await canister.number(readMark)).toBeGreaterThanOrEqual(3n);
      expect(await canister.number(program().reply(load64(Address.heap + 8)))).toBe(0n);
    });

    it('can make calls', async () => {
      const callee = await network.universal();
      const onBeat = program().callTo({ callee: callee.bytes, arg: program().increase(Address.heap).reply() });
      await network.universal({ heartbeat: true, program: program().store('heartbeat', onBeat) });
      await network.engine.advance(1_000_000_000n);
      expect(await callee.number(readMark)).toBeGreaterThanOrEqual(1n);
    });

    it('is undone when it traps, and beats again', async () => {
      const onBeat = program().increase(Address.heap).trap();
      const canister = await network.universal({ heartbeat: true, program: program().store('heartbeat', onBeat) });
      await network.engine.advance(3_000_000_000n);
      expect(await canister.number(readMark)).toBe(0n);
      expect(network.log.filter((line) => line.includes('heartbeat')).length).toBeGreaterThanOrEqual(3);
    });

    it('does not beat in a canister that is stopped', async () => {
      const canister = await network.universal({
        heartbeat: true,
        program: program().store('heartbeat', program().increase(Address.heap))
      });
      await network.engine.stopCanister(canister.id, ADMIN);
      await network.engine.advance(1n);
      await network.engine.startCanister(canister.id, ADMIN);
      const before = await canister.number(readMark);
      await network.engine.stopCanister(canister.id, ADMIN);
      await network.engine.advance(5_000_000_000n);
      expect(network.log).toEqual([]);
      expect(before).toBeLessThanOrEqual(2n);
    });
  });

  it('Callbacks: a table index without a function of type (env) -> () traps when the response comes', async () => {
    const canister = await network.universal();
    for (const index of [1, 10_000]) {
      const calling = program().call('call_new', bytes(canister.bytes), text('missing'), index, 0, index, 0).call('call_perform');
      expect(rejectOf(await canister.update(calling))).toMatchObject({ code: 5, errorCode: 'IC0502' });
    }
  });

  it('Replicated and non-replicated execution: which method runs in which mode', async () => {
    const canister = await network.universal();
    const mode = program().reply(api('in_replicated_execution'));
    expect(numberOf(await canister.update(mode))).toBe(1n);
    expect(numberOf(await canister.replicatedQuery(mode))).toBe(1n);
    expect(numberOf(await canister.query(mode))).toBe(0n);
    expect(numberOf(await canister.composite(mode))).toBe(0n);
    expect(rejectOf(await canister.call('composite', mode.bytes()))).toMatchObject({ code: 5, errorCode: 'IC0527' });
    const asQuery = await network.engine.query({ canisterId: canister.id, method: 'update', arg: mode.bytes(), sender: ADMIN });
    expect(rejectOf(asQuery)).toMatchObject({ code: 5, errorCode: 'IC0536' });
  });
});
