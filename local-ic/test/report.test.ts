import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalIc, type CallReport, type CanisterShare, type LocalIc, type LocalIcOptions, type Reported } from '../src/index.ts';
import { timers, type Timers } from './support/interfaces.ts';
import { fixtureWasm, initArgument, START_NS } from './support/network.ts';
import { talker, type Talker } from './support/talker.ts';

interface Pair {
  ic: LocalIc;
  log: string[];
  first: Principal;
  second: Principal;
  actor: Talker;
}

async function startPair(cycles: LocalIcOptions['cycles'] = 'free'): Promise<Pair> {
  const log: string[] = [];
  const ic = await createLocalIc({ seed: 'report', clock: { startNs: START_NS }, cycles, log: (line) => log.push(line) });
  const wasm = await fixtureWasm('talker');
  const second = await ic.createCanister();
  const first = await ic.createCanister();
  for (const [canisterId, callee] of [
    [first, second],
    [second, first]
  ] as const) {
    await ic.installCode({ canisterId, wasm, arg: initArgument({ callee }) });
  }
  return { ic, log, first, second, actor: ic.actor<Talker>(talker, first) };
}

const totals = ({ ic, first, second }: Pair): [bigint, bigint] => [
  ic.engine.instructions(first).total,
  ic.engine.instructions(second).total
];
const shareOf = ({ canisters }: { canisters: CanisterShare[] }, id: Principal): CanisterShare | undefined =>
  canisters.find(({ canisterId }) => canisterId.toText() === id.toText());
const linesOf = ({ logs }: { logs: string[] }): string[] => logs.map((line) => line.replace(/^\[Canister [^\]]*\] /, ''));

let pair: Pair;
beforeEach(async () => {
  pair = await startPair();
});
afterEach(() => pair.ic.close());

describe('the report of a call', () => {
  it('has the answer, the instructions and the lines of one message', async () => {
    const { ic, first, actor } = pair;
    const [before] = totals(pair);
    const report = await ic.reporting(actor).say('hello');
    expect(report.value).toBeUndefined();
    expect(report.instructions).toBe(totals(pair)[0] - before);
    expect(report.canisters).toEqual([
      { canisterId: first, executions: 1, instructions: report.instructions, cycles: expect.any(BigInt) as bigint }
    ]);
    expect(report.logs).toEqual([`[Canister ${first.toText()}] hello`]);
    expect(report).toMatchObject({ startNs: START_NS, endNs: START_NS });
  });

  it('has the answer of a query of the management canister', async () => {
    const { ic, first, actor } = pair;
    await actor.say('hello');
    const arg = new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: first }]));
    const call = { canisterId: Principal.managementCanister(), method: 'fetch_canister_logs', arg };
    const { result, canisters } = await ic.report({ ...call, kind: 'query' });
    expect(result).toEqual({ kind: 'reply', reply: await ic.query(call) });
    expect(canisters).toEqual([]);
  });

  it('covers the whole call tree, each canister with its share', async () => {
    const { ic, first, second, actor } = pair;
    const before = totals(pair);
    const report = await ic.reporting(actor).talk('Ada', 3n);
    const after = totals(pair);
    expect(report.value).toBe(3n);
    expect(shareOf(report, first)).toMatchObject({ executions: 4, instructions: after[0] - before[0] });
    expect(shareOf(report, second)).toMatchObject({ executions: 3, instructions: after[1] - before[1] });
    expect(report.instructions).toBe(after[0] - before[0] + after[1] - before[1]);
    expect(linesOf(report)).toEqual([
      ...['Ada asks 0', 'Ada hears 0', 'Ada asks 1', 'Ada hears 1', 'Ada asks 2', 'Ada hears 2'],
      'Ada is done'
    ]);
  });

  it('is that of its own call tree when calls overlap', async () => {
    const { ic, actor } = pair;
    const before = totals(pair);
    const reporting = ic.reporting(actor);
    const [ada, bob] = await Promise.all([reporting.talk('Ada', 4n), reporting.talk('Bob', 4n)]);
    const after = totals(pair);
    for (const [name, report] of [
      ['Ada', ada],
      ['Bob', bob]
    ] as const) {
      expect(linesOf(report)).toHaveLength(9);
      expect(linesOf(report).every((line) => line.startsWith(name))).toBe(true);
      expect(report.canisters.map(({ executions }) => executions)).toEqual([5, 4]);
    }
    // They did run at the same time: the network's own log has them mixed.
    const order = pair.log.map((line) => (line.includes('Ada') ? 'A' : 'B')).join('');
    expect(order).toMatch(/AB.*AB/);
    expect(ada.instructions + bob.instructions).toBe(after[0] + after[1] - before[0] - before[1]);
  });

  it('does not count calls that nobody asked about, and changes nothing for them', async () => {
    const runs: [Reported<bigint> | bigint, Reported<bigint> | bigint, [bigint, bigint]][] = [];
    const hashes = new Set<string>();
    for (const [reportAda, reportBob] of [
      [true, false],
      [false, true],
      [false, false]
    ] as const) {
      const run = await startPair();
      const call = (name: string, reported: boolean) => (reported ? run.ic.reporting(run.actor).talk(name, 5n) : run.actor.talk(name, 5n));
      const before = totals(run);
      const [ada, bob] = await Promise.all([call('Ada', reportAda), call('Bob', reportBob)]);
      const after = totals(run);
      runs.push([ada, bob, [after[0] - before[0], after[1] - before[1]]]);
      hashes.add(run.ic.stateHash());
      await run.ic.close();
    }
    expect(hashes.size).toBe(1);
    const [[ada, , used], [, bob, usedAgain], [, , usedUnwatched]] = runs as [(typeof runs)[0], (typeof runs)[0], (typeof runs)[0]];
    expect(usedAgain).toEqual(used);
    expect(usedUnwatched).toEqual(used);
    expect((ada as Reported<bigint>).instructions + (bob as Reported<bigint>).instructions).toBe(used[0] + used[1]);
  });

  it('tells what a call used that was rejected', async () => {
    const { ic, first, second, actor } = pair;
    const before = totals(pair);
    const arg = new Uint8Array(IDL.encode([IDL.Text], ['Ada']));
    const report: CallReport = await ic.report({ canisterId: first, method: 'talkAndTrap', arg });
    const after = totals(pair);
    expect(report.result).toMatchObject({ kind: 'reject', code: 5, errorCode: 'IC0503' });
    expect(report.instructions).toBe(after[0] + after[1] - before[0] - before[1]);
    expect(report.logs[0]).toBe(`[Canister ${first.toText()}] Ada`);
    expect(report.logs[1]).toBe(`[Canister ${second.toText()}] Ada hears`);
    expect(report.logs[2]).toContain('no more');
    await expect(ic.reporting(actor).talkAndTrap('Ada')).rejects.toMatchObject({ canisterId: first.toText(), method: 'talkAndTrap' });
    expect(await ic.report({ canisterId: first, method: 'missing', arg })).toMatchObject({
      result: { kind: 'reject', errorCode: 'IC0536' },
      instructions: 0n,
      canisters: [],
      logs: []
    });
  });

  it('ends with the answer, although a one-way call of the tree still runs', async () => {
    const { ic, second, actor } = pair;
    const report = await ic.reporting(actor).talkAndLeave('Ada');
    await ic.idle();
    expect(linesOf(report)).toEqual(['Ada']);
    expect(shareOf(report, second)).toBeUndefined();
    expect(pair.log.join('\n')).toContain('Ada hears, later');
  });

  it('shows how the balances changed', async () => {
    const { ic, first, second, actor } = pair;
    const before = [ic.engine.cycles(first).balance, ic.engine.cycles(second).balance] as const;
    const report = await ic.reporting(actor).give(1_000_000_000n);
    const changes = [shareOf(report, first)?.cycles, shareOf(report, second)?.cycles];
    expect(changes).toEqual([ic.engine.cycles(first).balance - before[0], ic.engine.cycles(second).balance - before[1]]);
    // Half of what was sent came back.
    expect(changes[0]).toBeLessThanOrEqual(-500_000_000n);
    expect(changes[0]).toBeGreaterThan(-1_000_000_000n);
    expect(changes[1]).toBeGreaterThan(0n);
  });

  it('shows what canisters paid, on a network that charges', async () => {
    const { ic, first, second, actor } = await startPair('charged');
    const balances = (): [bigint, bigint] => [ic.engine.cycles(first).balance, ic.engine.cycles(second).balance];
    const before = balances();
    const report = await ic.reporting(actor).talk('Ada', 2n);
    await ic.idle();
    const after = balances();
    expect(shareOf(report, first)?.cycles).toBe(after[0] - before[0]);
    expect(shareOf(report, second)?.cycles).toBe(after[1] - before[1]);
    expect(after[0]).toBeLessThan(before[0]);
    const arg = new Uint8Array(
      IDL.encode([IDL.Record({ canister_id: IDL.Principal, amount: IDL.Nat })], [{ canister_id: second, amount: 77n }])
    );
    const gift = await ic.report({ canisterId: Principal.managementCanister(), method: 'provisional_top_up_canister', arg });
    expect(gift.canisters).toEqual([{ canisterId: second, executions: 0, instructions: 0n, cycles: 77n }]);
    await ic.close();
  });

  it('knows queries and composite queries', async () => {
    const { ic, first, second, actor } = pair;
    const before = totals(pair);
    const one = await ic.reporting(actor).heard();
    expect(linesOf(one)).toEqual(['asked']);
    expect(one.instructions).toBe(totals(pair)[0] - before[0]);
    const both = await ic.reporting(actor).heardByBoth();
    expect(linesOf(both)).toEqual(['asked for both', 'asked']);
    expect(shareOf(both, first)?.executions).toBe(2);
    expect(shareOf(both, second)?.executions).toBe(1);
    const arg = new Uint8Array(IDL.encode([], []));
    const raw = await ic.report({ canisterId: first, method: 'heard', arg, kind: 'query' });
    expect(raw.result.kind).toBe('reply');
    expect(raw.instructions).toBe(one.instructions);
  });

  it('counts what an installation runs for the canister that is installed', async () => {
    const { ic, first } = pair;
    const canisterId = await ic.createCanister();
    const type = IDL.Record({
      mode: IDL.Variant({ install: IDL.Null }),
      canister_id: IDL.Principal,
      wasm_module: IDL.Vec(IDL.Nat8),
      arg: IDL.Vec(IDL.Nat8)
    });
    const install = {
      mode: { install: null },
      canister_id: canisterId,
      wasm_module: await fixtureWasm('talker'),
      arg: initArgument({ callee: first })
    };
    const arg = new Uint8Array(IDL.encode([type], [install]));
    const report = await ic.report({ canisterId: Principal.managementCanister(), method: 'install_code', arg });
    expect(report.result.kind).toBe('reply');
    expect(report.canisters.map((share) => share.canisterId.toText())).toEqual([canisterId.toText()]);
    expect(report.instructions).toBe(ic.engine.instructions(canisterId).total);
    expect(report.instructions).toBeGreaterThan(0n);
  });

  it('does not count the timers that a call sets', async () => {
    const { ic } = pair;
    const { canisterId, actor } = await ic.setupCanister<Timers>({ idlFactory: timers, wasm: await fixtureWasm('timers') });
    const before = ic.engine.instructions(canisterId).total;
    const report = await ic.reporting(actor).once(0n, 'at once');
    await ic.advance(1_000_000_000n);
    expect(await actor.log()).toHaveLength(1);
    expect(report.canisters).toMatchObject([{ executions: 1 }]);
    expect(report.instructions).toBeLessThan(ic.engine.instructions(canisterId).total - before);
  });

  it('goes on over a canister that stops answering its caller, and ends with the answer', async () => {
    const { ic, first, second, actor } = pair;
    await ic.stopCanister(second);
    const report = await ic.report({
      canisterId: first,
      method: 'talk',
      arg: new Uint8Array(IDL.encode([IDL.Text, IDL.Nat], ['Ada', 1n]))
    });
    expect(report.result).toMatchObject({ kind: 'reject', code: 4 });
    expect(report.canisters).toMatchObject([{ executions: 2 }]);
    await ic.startCanister(second);
    expect((await ic.reporting(actor).talk('Ada', 1n)).canisters.map(({ executions }) => executions)).toEqual([2, 1]);
  });

  it('has the time the call took on the network', async () => {
    const { ic, actor } = pair;
    const report = ic.reporting(actor).talk('Ada', 2n);
    await ic.advance(1_000n);
    expect((await report).startNs).toBe(START_NS);
    expect((await ic.reporting(actor).say('later')).startNs).toBe(START_NS + 1_000n);
  });
});
