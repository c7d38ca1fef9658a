import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { CanisterReject } from 'local-ic';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { idlFactory } from '../../src/lib/canisters/options/options.did.js';
import { accessTable, formerAuditor, type AccessRow } from './support/accessTable.ts';
import { alice, bob, ok, openExchange, operator, order, owner, type Exchange } from './support/exchange.ts';
import { installProbe } from './support/probe.ts';
import { person } from './support/standins.ts';

// Every method of the interface, called by everybody: support/accessTable.ts says what is to come of it.

const methods = new Map(idlFactory({ IDL })._fields);
const auditor = person('auditor');
const columns = ['anonymous', 'trader', 'other trader', 'auditor', 'operator', 'owner', 'another canister'];
const senders = [Principal.anonymous(), alice, bob, auditor, operator, owner];
const passOn = IDL.Func([IDL.Principal, IDL.Text, IDL.Vec(IDL.Nat8)], [IDL.Vec(IDL.Nat8)], []);

let exchange: Exchange;
let proxy: Principal;
let rows: Map<string, AccessRow>;
beforeAll(async () => {
  exchange = await openExchange();
  proxy = await installProbe(exchange.ic, 'CallProxy');
  for (const who of [alice, bob]) await exchange.deposit(who, 1_000_000n);
  await exchange.approve(alice, 5_000n);
  ok(await exchange.as(alice).deposit({ request_id: 'deposit 1', amount_sats: 5_000n }));
  ok(await exchange.as(alice).withdraw({ request_id: 'withdrawal 1', amount_sats: 5_000n, to: { owner: bob, subaccount: [] } }));
  for (const id of ['first', 'second']) ok(await exchange.as(alice).place_order(order(id)));
  for (const who of [auditor, formerAuditor]) ok(await exchange.as(owner).grant_role(who, { auditor: null }));
  const { settings } = await exchange.as().get_market();
  rows = new Map(accessTable(settings).map((row) => [row.method, row]));
});
afterAll(() => exchange.close());

/** What the interface generated from options.did says of a method. */
function typeOf(method: string): IDL.FuncClass {
  const type = methods.get(method);
  if (type === undefined) throw new Error(`there is no method ${method}`);
  return type;
}

async function call(column: number, { method, args }: AccessRow): Promise<unknown> {
  const type = typeOf(method);
  const arg = new Uint8Array(IDL.encode(type.argTypes, args));
  const sender = senders[column];
  let reply: Uint8Array;
  if (sender === undefined) {
    const wrapped = new Uint8Array(IDL.encode(passOn.argTypes, [exchange.id, method, arg]));
    const answer = await exchange.ic.update({ canisterId: proxy, method: 'pass_on', arg: wrapped });
    const [passed] = IDL.decode(passOn.retTypes, answer) as unknown as [Uint8Array];
    reply = passed;
  } else {
    reply = await exchange.ic[type.annotations.includes('query') ? 'query' : 'update']({ canisterId: exchange.id, method, arg, sender });
  }
  return IDL.decode(type.retTypes, reply)[0];
}

/** yes, no or none, as the table has it. */
async function outcome(column: number, row: AccessRow): Promise<string> {
  try {
    const answer = (await call(column, row)) as { err?: { code: [] | [object] } } | undefined;
    const code = Object.keys(answer?.err?.code[0] ?? {})[0];
    if (code === 'not_found') return 'none';
    return code === 'anonymous' || code === 'forbidden' ? 'no' : 'yes';
  } catch (error) {
    // Turned away before it ran; any other reject is a mistake of the test or of the canister.
    if (error instanceof CanisterReject && error.errorCode === 'IC0406') return 'no';
    throw error;
  }
}

afterEach(async () => {
  // What pause_entry did must not close the next method's way.
  ok(await exchange.unchecked(owner).resume_entry());
});

describe('who may call what', () => {
  test.each([...methods.keys()])('%s', async (method) => {
    const row = rows.get(method);
    if (row === undefined) throw new Error(`${method} has no row in tests/canisters/support/accessTable.ts: say who may call it`);
    const expected = row.access.trim().split(/\s+/u);
    const found: string[] = [];
    for (const column of columns.keys()) found.push(await outcome(column, row));
    expect(Object.fromEntries(columns.map((name, index) => [name, found[index]]))).toEqual(
      Object.fromEntries(columns.map((name, index) => [name, expected[index]]))
    );
    await exchange.checkBooks();
  });

  test('the table has a row for no other method', () => {
    expect([...rows.keys()].filter((method) => !methods.has(method))).toEqual([]);
  });

  test('an update of the anonymous is turned away before it runs; the one that a standard opens to them is not', async () => {
    for (const [method, type] of methods) {
      if (type.annotations.includes('query') || method === 'icrc21_canister_call_consent_message') continue;
      const arg = new Uint8Array(IDL.encode([], []));
      const answer = exchange.ic.update({ canisterId: exchange.id, method, arg, sender: Principal.anonymous() });
      await expect(answer, method).rejects.toMatchObject({ errorCode: 'IC0406' });
    }
  });
});
