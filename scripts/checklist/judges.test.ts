import { describe, expect, it } from 'vitest';
import type { Movement, Overview, Reserves } from '../../src/lib/options/types';
import { judgeAlternativeOrigins } from './judgeAlternativeOrigins.ts';
import { judgeCycles } from './judgeCycles.ts';
import { judgeFigures } from './judgeFigures.ts';
import { judgeMovements } from './judgeMovements.ts';
import { judgeReserves } from './judgeReserves.ts';
import { judgeVersion } from './judgeVersion.ts';
import { metric } from './readPage.ts';
import { isGo, tableOf } from './table.ts';

const hour = 3_600_000_000_000n;

describe('reserves', () => {
  const proof: Reserves = {
    ...{ ledgerSats: 1_000n, ledgerCheckedNs: 100n * hour, accountsSats: 300n, treasuryAvailableSats: 500n, treasuryReservedSats: 150n },
    ...{ migrationSats: 20n, withdrawalsInTransitSats: 30n, inFlightSats: 0n, unattributedSats: 0n }
  };
  const judge = (change: Partial<Reserves> = {}, held = 1_000n, nowNs = 101n * hour): string =>
    judgeReserves({ ...proof, ...change }, held, nowNs).faults.join();

  it('are proven to the satoshi', () => {
    expect(judgeReserves(proof, 1_000n, 101n * hour)).toEqual({ owedSats: 1_000n, faults: [] });
    expect(judge({ ledgerSats: 1_005n, unattributedSats: 5n })).toBe('');
    expect(judge({ ledgerSats: 999n, unattributedSats: -1n })).toContain('1 sats less than is owed');
    expect(judge({ ledgerSats: 970n, unattributedSats: -30n, inFlightSats: 30n })).toBe('');
    expect(judge({ ledgerSats: 969n, unattributedSats: -31n, inFlightSats: 30n })).toContain('31 sats less');
  });

  it('are not proven by figures that contradict each other, an old proof or an empty ledger', () => {
    expect(judge({ unattributedSats: 7n })).toContain('unattributed');
    expect(judge({}, 1_000n, 124n * hour)).toBe('');
    expect(judge({}, 1_000n, 124n * hour + 1n)).toContain('last asked 24 hours ago');
    expect(judge({}, 0n)).toContain('holds nothing');
  });
});

describe('an account', () => {
  const movement = (id: bigint, amountSats: bigint, balanceAfterSats: bigint): Movement => ({
    ...{ id, amountSats, balanceAfterSats, atNs: 0n, kind: 'deposit', reference: undefined }
  });
  const rows = [movement(3n, 40n, 90n), movement(2n, -50n, 50n), movement(1n, 100n, 100n)];

  it('is the sum of its movements, newest first', () => {
    expect(judgeMovements({ availableSats: 80n, reservedSats: 10n }, rows)).toEqual({ sumSats: 90n, faults: [] });
    expect(judgeMovements({ availableSats: 0n, reservedSats: 0n }, []).faults).toEqual([]);
  });

  it('is not valid when a satoshi is missing, or a step does not follow', () => {
    expect(judgeMovements({ availableSats: 79n, reservedSats: 10n }, rows).faults.join()).toContain('holds 89 sats');
    const broken = [movement(2n, -50n, 51n), movement(1n, 100n, 100n)];
    expect(judgeMovements({ availableSats: 50n, reservedSats: 0n }, broken).faults.join()).toContain('movement 2 leaves 51');
  });
});

describe("the console's figures", () => {
  const at = (figures: Partial<Overview>): Overview =>
    ({ users: 5n, open: 2n, cycles: 9n, version: '1', ...figures }) as unknown as Overview;

  it('lie between what the canister says before and after', () => {
    expect(judgeFigures(at({}), at({}), at({}))).toEqual({ compared: 3, faults: [] });
    expect(judgeFigures(at({ users: 5n }), at({ users: 6n }), at({ users: 8n })).faults).toEqual([]);
    expect(judgeFigures(at({ open: 2n }), at({ open: 3n }), at({ open: 3n })).faults).toEqual([]);
    expect(judgeFigures(at({ cycles: 9n }), at({ cycles: 8n }), at({ cycles: 7n })).faults).toEqual([]);
  });

  it('are wrong when they lag, run ahead or differ', () => {
    expect(judgeFigures(at({ users: 5n }), at({ users: 4n }), at({ users: 5n })).faults.join()).toContain('users is shown as 4');
    expect(judgeFigures(at({ users: 5n }), at({ users: 6n }), at({ users: 5n })).faults.join()).toContain('users');
    expect(judgeFigures(at({}), at({ open: 1n }), at({})).faults.join()).toContain('open is shown as 1');
    expect(judgeFigures(at({}), at({ version: '2' }), at({})).faults.join()).toContain('version');
  });
});

describe('cycles', () => {
  it('last two weeks to the alert threshold at least', () => {
    expect(judgeCycles(3_000n, 100n, 1_000n)).toEqual({ faults: [], daysLeft: 20n });
    expect(judgeCycles(2_400n, 100n, 1_000n).faults).toEqual([]);
    expect(judgeCycles(2_399n, 100n, 1_000n).faults.join()).toContain('13 days away');
    expect(judgeCycles(999n, 0n, 1_000n).faults.join()).toContain('below the alert threshold');
    expect(judgeCycles(1_000n, 0n, 1_000n)).toEqual({ faults: [], daysLeft: undefined });
  });
});

describe('the version', () => {
  const source = { version: '0.2.0', schema: 2n };

  it('is what is checked out, after a deploy', () => {
    expect(judgeVersion(source, source, false)).toEqual([]);
    expect(judgeVersion({ version: '0.1.0', schema: 2n }, source, false).join()).toContain('runs 0.1.0');
    expect(judgeVersion({ version: '0.2.0', schema: 1n }, source, false).join()).toContain('not upgraded');
  });

  it('may be older before it, but not of a newer schema', () => {
    expect(judgeVersion({ version: '0.1.0', schema: 1n }, source, true)).toEqual([]);
    expect(judgeVersion({ version: '0.3.0', schema: 3n }, source, true).join()).toContain("can't be deployed over it");
  });
});

describe('the alternative origins', () => {
  const judge = (body: string, change: Record<string, string> = {}, status = 200): string =>
    judgeAlternativeOrigins(
      { status, body, headers: new Headers({ 'content-type': 'application/json', 'access-control-allow-origin': '*', ...change }) },
      'https://new.example'
    ).join();

  it('must list this site, readable from anywhere', () => {
    expect(judge('{"alternativeOrigins":["https://old.example","https://new.example"]}')).toBe('');
    expect(judge('{"alternativeOrigins":["https://new.example.evil"]}')).toContain('does not list');
    expect(judge('{"alternativeOrigins":"https://new.example"}')).toContain('does not list');
    expect(judge('<html>')).toContain('does not list');
    expect(judge('', {}, 404)).toContain('answers 404');
    expect(judge('{"alternativeOrigins":["https://new.example"]}', { 'access-control-allow-origin': 'https://id.ai' })).toContain(
      'Allow-Origin'
    );
    expect(judge('{"alternativeOrigins":["https://new.example"]}', { 'content-type': 'text/plain' })).toContain('application/json');
  });
});

describe('the table', () => {
  const row = (result: 'ok' | 'FAILED' | 'skipped', evidence = 'seen') => ({ name: 'cycles', result, evidence });

  it('says go only when something was checked and nothing failed', () => {
    expect(isGo([row('ok'), row('skipped')])).toBe(true);
    expect(isGo([row('ok'), row('FAILED')])).toBe(false);
    expect(isGo([row('skipped')])).toBe(false);
  });

  it('wraps what was seen, and lets no one draw on the terminal', () => {
    const lines = tableOf([row('ok', `${'word '.repeat(40)}\u001b[2J\nGO`)]).split('\n');
    expect(lines.length).toBe(4);
    expect(lines.every((line) => line.length < 140)).toBe(true);
    expect(lines.join('')).not.toContain('\u001b');
  });
});

describe('a figure of /metrics', () => {
  it('is found by its whole name', () => {
    const text = '# TYPE satstrike_users gauge\nsatstrike_users 12\nsatstrike_users_more 13\n';
    expect(metric(text, 'satstrike_users')).toBe(12n);
    expect(metric(text, 'satstrike_user')).toBeUndefined();
  });
});
