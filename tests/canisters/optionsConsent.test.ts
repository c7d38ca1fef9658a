import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  idlFactory,
  type _SERVICE as Options,
  type ConsentRequest,
  type ConsentResponse
} from '../../src/lib/canisters/options/options.did.js';
import { alice, bob, fee, ok, openExchange, operator, order, type Exchange } from './support/exchange.ts';

const methods = new Map(idlFactory({ IDL })._fields);
const anonymous = Principal.anonymous();
const to = { owner: bob, subaccount: [] as [] };

let exchange: Exchange;
beforeAll(async () => {
  exchange = await openExchange();
  await exchange.deposit(alice, 1_000_000n);
  ok(await exchange.as(alice).place_order(order('mine')));
  // From here on the canister knows the ledger's fee.
  ok(await exchange.as(alice).withdraw({ request_id: 'fee', amount_sats: 5_000n, to }));
});
afterAll(() => exchange.close());

type Device = { GenericDisplay: null } | { FieldsDisplay: null };
function asked(method: string, arg: Uint8Array, device: Device | undefined): ConsentRequest {
  const metadata = { language: 'de', utc_offset_minutes: [60] as [number] };
  return { method, arg, user_preferences: { metadata, device_spec: device === undefined ? [] : [device] } };
}
function encode(method: string, args: unknown[]): Uint8Array {
  const type = methods.get(method);
  if (type === undefined) throw new Error(`there is no method ${method}`);
  return new Uint8Array(IDL.encode(type.argTypes, args));
}
const actor = (who: Principal): Options => exchange.as(who);
async function markdown(method: string, args: unknown[], who = anonymous): Promise<string> {
  const response = await actor(who).icrc21_canister_call_consent_message(asked(method, encode(method, args), { GenericDisplay: null }));
  if (!('Ok' in response) || !('GenericDisplayMessage' in response.Ok.consent_message)) throw new Error('no Markdown');
  expect(response.Ok.metadata).toEqual({ language: 'en', utc_offset_minutes: [] });
  return response.Ok.consent_message.GenericDisplayMessage;
}
async function fields(method: string, args: unknown[], who = anonymous): Promise<{ intent: string; fields: [string, unknown][] }> {
  const response = await actor(who).icrc21_canister_call_consent_message(asked(method, encode(method, args), { FieldsDisplay: null }));
  if (!('Ok' in response) || !('FieldsDisplayMessage' in response.Ok.consent_message)) throw new Error('no fields');
  return response.Ok.consent_message.FieldsDisplayMessage;
}
const problem = (response: ConsentResponse): string => {
  if (!('Err' in response) || !('UnsupportedCanisterCall' in response.Err)) throw new Error('expected UnsupportedCanisterCall');
  return response.Err.UnsupportedCanisterCall.description;
};
const btc = (amount: bigint) => ({ TokenAmount: { decimals: 8, amount, symbol: 'BTC' } });
const text = (content: string) => ({ Text: { content } });

test('the canister names the standards it has', async () => {
  const page = (name: string) => ({ name, url: `https://github.com/dfinity/ICRC/blob/main/ICRCs/${name}/${name}.md` });
  expect(await actor(anonymous).icrc10_supported_standards()).toEqual([page('ICRC-10'), page('ICRC-21')]);
});

describe('the standard’s own interface', () => {
  // Written down from the standard's text, version of July 2025 (intent and typed values), apart from options.did.
  const metadata = IDL.Record({ language: IDL.Text, utc_offset_minutes: IDL.Opt(IDL.Int16) });
  const requestWith = (device: Record<string, IDL.Type>) =>
    IDL.Record({
      method: IDL.Text,
      arg: IDL.Vec(IDL.Nat8),
      user_preferences: IDL.Record({ metadata, device_spec: IDL.Opt(IDL.Variant(device)) })
    });
  const seconds = IDL.Record({ amount: IDL.Nat64 });
  const value = IDL.Variant({
    TokenAmount: IDL.Record({ decimals: IDL.Nat8, amount: IDL.Nat64, symbol: IDL.Text }),
    TimestampSeconds: seconds,
    DurationSeconds: seconds,
    Text: IDL.Record({ content: IDL.Text })
  });
  const info = IDL.Record({ description: IDL.Text });
  const response = IDL.Variant({
    Ok: IDL.Record({
      consent_message: IDL.Variant({
        GenericDisplayMessage: IDL.Text,
        FieldsDisplayMessage: IDL.Record({ intent: IDL.Text, fields: IDL.Vec(IDL.Tuple(IDL.Text, value)) })
      }),
      metadata
    }),
    Err: IDL.Variant({
      UnsupportedCanisterCall: info,
      ConsentMessageUnavailable: info,
      InsufficientPayment: info,
      GenericError: IDL.Record({ error_code: IDL.Nat, description: IDL.Text })
    })
  });
  const standards = IDL.Vec(IDL.Record({ name: IDL.Text, url: IDL.Text }));
  const method = 'icrc21_canister_call_consent_message';
  const devices = { GenericDisplay: IDL.Null, FieldsDisplay: IDL.Null };

  test('is this canister’s, type by type, and both calls are of the right kind', () => {
    const ours = methods.get(method);
    const list = methods.get('icrc10_supported_standards');
    expect(ours?.argTypes.map((type) => type.display())).toEqual([requestWith(devices).display()]);
    expect(ours?.retTypes.map((type) => type.display())).toEqual([response.display()]);
    expect(ours?.annotations).toEqual([]);
    expect(list?.retTypes.map((type) => type.display())).toEqual([standards.display()]);
    expect(list?.annotations).toEqual(['query']);
  });

  test.each([
    ['a display of fields', devices, { FieldsDisplay: null }, 'FieldsDisplayMessage'],
    ['a large display', devices, { GenericDisplay: null }, 'GenericDisplayMessage'],
    // A message in another form is better than none: older signers and newer ones know displays that this canister does not.
    [
      'lines, of the version before',
      { LineDisplay: IDL.Record({ characters_per_line: IDL.Nat16, lines_per_page: IDL.Nat16 }) },
      { LineDisplay: { characters_per_line: 30, lines_per_page: 3 } },
      'GenericDisplayMessage'
    ],
    ['a display of the future', { Hologram: IDL.Text }, { Hologram: 'x' }, 'GenericDisplayMessage']
  ])('is answered on the wire for %s', async (_, device, wish, expected) => {
    const request = {
      method: 'deposit',
      arg: encode('deposit', [{ request_id: 'd', amount_sats: 5_000n }]),
      user_preferences: { metadata: { language: 'en-US', utc_offset_minutes: [-720] }, device_spec: [wish] }
    };
    const arg = new Uint8Array(IDL.encode([requestWith(device)], [request]));
    const answer = await exchange.ic.update({ canisterId: exchange.id, method, arg, sender: anonymous });
    const [decoded] = IDL.decode([response], answer) as unknown as [{ Ok: { consent_message: object } }];
    expect(Object.keys(decoded.Ok.consent_message)).toEqual([expected]);
  });
});

describe('a consent message', () => {
  test('for a deposit has the amount in bitcoin, satoshi and dollars', async () => {
    const args = [{ request_id: 'd1', amount_sats: 123_456_789n }];
    expect(await markdown('deposit', args)).toBe(
      '# Deposit bitcoin into your exchange account\n' +
        '\n**Amount:** `1.23456789 BTC` (123,456,789 sats, about $34,567.90 at the newest price)\n' +
        '\n**From:** the ckBTC account of whoever signs this\n' +
        `\n**Ledger fee:** at present ${fee} sats, on top of the amount\n` +
        '\n**Request:** `d1`\n'
    );
    expect(await fields('deposit', args, alice)).toEqual({
      intent: 'Deposit bitcoin into your exchange account',
      fields: [
        ['Amount', btc(123_456_789n)],
        ['Amount in dollars', text('about $34,567.90 at the newest price')],
        ['From', text(`your ckBTC account ${alice.toText()}`)],
        ['Ledger fee', text('at present 10 sats, on top of the amount')],
        ['Request', text('d1')]
      ]
    });
    expect((await fields('fund_migration', args)).intent).toBe("Give bitcoin to the exchange's migration account");
    expect(await markdown('fund_treasury', args)).toContain('# Give bitcoin to the exchange’s treasury'.replace('’', "'"));
  });

  test('for a withdrawal has the whole destination', async () => {
    const subaccount = Uint8Array.from({ length: 32 }, (_, index) => index);
    const args = [{ request_id: 'w1', amount_sats: 5_000n, to: { owner: bob, subaccount: [subaccount] } }];
    const message = await markdown('withdraw', args);
    expect(message).toContain('# Withdraw bitcoin from your exchange account\n');
    expect(message).toContain('**Amount:** `0.00005000 BTC` (5,000 sats, about $1.40 at the newest price)');
    expect(message).toContain(`**To:** ${bob.toText()}\n`);
    expect(message).toContain(`**Subaccount:** ${Buffer.from(subaccount).toString('hex')}\n`);
    expect(message).toContain('10 sats, out of the amount');
    expect(message).toContain('**What happens:** the amount leaves at once or, if it is large, when an operator agrees;');
    for (const house of ['treasury', 'migration']) {
      const found = await fields(`withdraw_${house}`, [{ request_id: 'w1', amount_sats: 5_000n, to }]);
      expect(found.intent).toContain(house);
      expect(found.fields).toContainEqual([
        'What happens',
        text('the amount leaves at once; if the ledger refuses it, it is back in the account')
      ]);
    }
  });

  test('for a digital says when it pays, how much, and what it costs at most', async () => {
    const message = await markdown('place_order', [order('o1')]);
    expect(message).toContain('# Buy a bitcoin option\n');
    expect(message).toContain('**Option:** pays a fixed amount if bitcoin settles above the strike\n');
    expect(message).toContain('**Pays:** `0.00100000 BTC` (100,000 sats, about $28.00 at the newest price)\n');
    expect(message).toContain('**Strike:** $28,000.00\n');
    expect(message).toContain('**Runs for:** `1m`\n');
    expect(message).toContain('**You pay at most:** `0.00060000 BTC` (60,000 sats, about $16.80 at the newest price)\n');
    expect(message).toContain('**Order:** `o1`\n');
  });

  test('for a capped option has notional, cap and the most it can pay', async () => {
    const instrument = { capped: { direction: { put: null }, notional_sats: 10_000_000n, cap_e8: 20_000_000_000n } };
    const request = { ...order('o2'), instrument, strike: { offset: -5_000_000_000n }, max_payout_sats: [80_000n] };
    const found = await fields('place_order', [request]);
    expect(found.fields).toEqual(
      expect.arrayContaining([
        ['Option', text('pays what bitcoin settles below the strike, up to a cap')],
        ['On', btc(10_000_000n)],
        ['Cap', text('$200.00 a bitcoin')],
        ['Pays at most', btc(80_000n)],
        ['Strike', text('$50.00 below the price at the fill')],
        ['You pay at most', btc(60_000n)]
      ])
    );
  });

  test('for a cancellation shows the order to its owner only', async () => {
    expect(await markdown('cancel_order', [0n], alice)).toMatch(/\*\*Order:\*\* 0\n[^]*`mine`[^]*`0\.00060000 BTC`/u);
    for (const who of [bob, anonymous, operator]) expect(await markdown('cancel_order', [0n], who)).not.toContain('mine');
    expect(await markdown('settle', [7n])).toMatch(/# Settle an option position\n\n\*\*Position:\*\* 7\n/u);
  });

  test('for what lies in a deposit account, a withdrawal that waits and a legacy position says what can happen', async () => {
    const credit = await fields('notify_deposit', []);
    expect(credit.intent).toBe('Credit a deposit to your exchange account');
    expect(credit.fields).toContainEqual(['Ledger fee', text('at present 10 sats, out of what lies there')]);
    expect(await markdown('cancel_withdrawal', ['w`1'])).toMatch(/\*\*Request:\*\* `w'1`\n[^]*otherwise nothing changes/u);
    expect(await markdown('settle_legacy', [7n])).toMatch(/legacy platform\n\n\*\*Position:\*\* 7\n/u);
  });

  test('is Markdown when the wallet has no wish', async () => {
    const response = await actor(anonymous).icrc21_canister_call_consent_message(asked('settle', encode('settle', [0n]), undefined));
    expect(response).toMatchObject({ Ok: { consent_message: { GenericDisplayMessage: expect.stringContaining('# Settle') as string } } });
  });

  test('shows what came with the call as a value and nothing else', async () => {
    const evil = '`\n# Approved\n**Amount:** 1 sat \u202e\u2028\u0007';
    const message = await markdown('deposit', [{ request_id: evil, amount_sats: 5_000n }]);
    expect(message.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(1);
    expect(message).toContain("**Request:** `'?# Approved?**Amount:** 1 sat ???`\n");
    expect(await markdown('deposit', [{ request_id: 'x'.repeat(500), amount_sats: 5_000n }])).toContain(`\`${'x'.repeat(64)}...\``);
  });
});

describe('there is no message, but an answer,', () => {
  const ask = (method: string, arg: Uint8Array, who = anonymous) =>
    actor(who).icrc21_canister_call_consent_message(asked(method, arg, { GenericDisplay: null }));

  const withMessage = [
    'place_order',
    'cancel_order',
    'settle',
    'settle_legacy',
    'deposit',
    'notify_deposit',
    'withdraw',
    'cancel_withdrawal',
    'fund_treasury',
    'withdraw_treasury',
    'fund_migration',
    'withdraw_migration'
  ];

  test('for a method that there is not: the call is not supported', async () => {
    for (const method of ['print_money', '', 'x'.repeat(500)]) {
      expect(problem(await ask(method, new Uint8Array()))).toMatch(/^There are consent messages for place_order, /u);
    }
  });

  test('for every other method of the canister: the message is not available', async () => {
    const others = [...methods.keys()].filter((method) => !withMessage.includes(method));
    expect(others.length).toBeGreaterThan(40);
    for (const method of others) {
      expect(await ask(method, new Uint8Array()), method).toMatchObject({
        Err: { ConsentMessageUnavailable: { description: expect.stringMatching(/^There are/u) as string } }
      });
    }
  });

  const bytes = (...numbers: number[]) => Uint8Array.from(numbers);
  const didl = [0x44, 0x49, 0x44, 0x4c];
  const garbage: [string, Uint8Array][] = [
    ['nothing', bytes()],
    ['noise', Uint8Array.from({ length: 64 }, (_, index) => (index * 37) % 256)],
    ['a header and no more', bytes(...didl)],
    ['no values', bytes(...didl, 0, 0)],
    ['a text', new Uint8Array(IDL.encode([IDL.Text], ['x']))],
    ['an empty record', new Uint8Array(IDL.encode([IDL.Record({})], [{}]))],
    ['a negative number', new Uint8Array(IDL.encode([IDL.Int], [-1n]))],
    ['null', new Uint8Array(IDL.encode([IDL.Null], [null]))],
    ['a bomb', bytes(...didl, 1, 0x6d, 0x7f, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a type table that never ends', bytes(...didl, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['an endless type', bytes(...didl, 1, 0x6e, 0, 1, 0, 1, 1, 1)],
    ['a number that never ends', bytes(...didl, 0, 1, 0x7d, ...new Array<number>(900).fill(0xff))],
    ['what is too long', new Uint8Array(1_100)]
  ];
  test.each(garbage)('for an argument that is %s', async (_, arg) => {
    // notify_deposit takes nothing, so what follows a right beginning is passed over, and a text is what cancel_withdrawal takes.
    for (const method of withMessage.filter((name) => name !== 'notify_deposit' && name !== 'cancel_withdrawal')) {
      expect(problem(await ask(method, arg)), method).toMatch(/^The argument is /u);
    }
  });

  test('for an argument with an end missing anywhere', async () => {
    const whole = encode('withdraw', [{ request_id: 'w1', amount_sats: 5_000n, to: { owner: bob, subaccount: [new Uint8Array(32)] } }]);
    for (let length = 0; length < whole.length; length += 7) problem(await ask('withdraw', whole.slice(0, length)));
  });

  test('for amounts out of any range', async () => {
    const tooFar = 10_000_000_000_000_001n;
    const strikes = [{ at: tooFar }, { at: 2n ** 64n - 1n }, { offset: -tooFar }, { offset: -(2n ** 63n) }, { offset: 2n ** 63n - 1n }];
    for (const strike of strikes) problem(await ask('place_order', encode('place_order', [order('x', { strike })])));
    for (const amount of [2_100_000_000_000_001n, 2n ** 64n - 1n]) {
      problem(await ask('deposit', encode('deposit', [{ request_id: 'x', amount_sats: amount }])));
      problem(await ask('settle', encode('settle', [amount])));
      problem(await ask('withdraw', encode('withdraw', [{ request_id: 'x', amount_sats: amount, to }])));
      for (const changes of [{ max_premium_sats: amount }, { max_payout_sats: [amount] as [bigint] }]) {
        problem(await ask('place_order', encode('place_order', [order('x', changes)])));
      }
    }
  });

  test('and it costs little', async () => {
    const report = exchange.ic.reporting(exchange.unchecked(anonymous));
    const device = { GenericDisplay: null };
    const unknown = await report.icrc21_canister_call_consent_message(asked('print_money', new Uint8Array(1_000), device));
    expect(unknown.instructions).toBeLessThan(200_000n);
    const noise = await report.icrc21_canister_call_consent_message(asked('deposit', new Uint8Array(1_000), device));
    expect(noise.instructions).toBeLessThan(200_000n);
    const good = await report.icrc21_canister_call_consent_message(asked('place_order', encode('place_order', [order('x')]), device));
    expect(good.instructions).toBeLessThan(1_000_000n);
    await expect(ask('deposit', new Uint8Array(1_500))).rejects.toMatchObject({ errorCode: 'IC0406' });
  });
});
