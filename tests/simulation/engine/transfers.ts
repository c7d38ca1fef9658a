// Deposits and withdrawals: what must become of one follows from the ledger's condition when it is asked for.
import type { Account, Deposit, Withdrawal } from '../../../src/lib/canisters/options/options.did.js';
import type { Command } from './commands.ts';
import { nameOf, refusalText, text } from './compare.ts';
import { nameFor } from './execute.ts';
import type { Simulation } from './Simulation.ts';
import { Violation } from './Simulation.ts';
import type { LedgerFault } from './Surroundings.ts';
import { approve, ledgerFee, minter, people, type Person } from './world.ts';

const maxSats = 2_100_000_000_000_000n;

/** What an attempt may come to: a state, or a refusal. */
const comesTo: Record<LedgerFault, { deposit: string; withdrawal: string }> = {
  none: { deposit: 'credited', withdrawal: 'paid' },
  slow: { deposit: 'credited', withdrawal: 'paid' },
  busy: { deposit: 'ledger temporary', withdrawal: 'in_transit' },
  generic: { deposit: 'ledger request', withdrawal: 'ledger request' },
  'bad fee': { deposit: 'ledger request', withdrawal: 'ledger request' },
  'trap before': { deposit: 'in_transit', withdrawal: 'in_transit' },
  'trap after': { deposit: 'in_transit', withdrawal: 'in_transit' },
  lost: { deposit: 'in_transit', withdrawal: 'in_transit' },
  'too slow': { deposit: 'in_transit', withdrawal: 'in_transit' }
};

type Answer = { ok: Deposit | Withdrawal } | { err: Parameters<typeof refusalText>[0] };
/** What happens while the answer is out. */
type Meanwhile = () => Promise<void>;

async function answerOf(simulation: Simulation, call: Promise<Answer>, meanwhile?: Meanwhile): Promise<string> {
  if (meanwhile !== undefined) await meanwhile();
  const answer = await simulation.waitFor(call);
  return 'err' in answer ? refusalText(answer.err) : nameOf(answer.ok.state);
}

function mustBe(what: string, found: string, due: string[]): void {
  if (!due.includes(found)) throw new Violation(`${what}: the canister answers ${found}, expected was ${due.join(' or ')}`);
}

/** What a resend must be answered with: the state it has come to. */
const again = ({ state }: Deposit | Withdrawal): string => ('failed' in state || 'refunded' in state ? 'ledger request' : nameOf(state));

export async function deposit(
  simulation: Simulation,
  { who, name, sats, approved }: Omit<Extract<Command, { kind: 'deposit' }>, 'kind'>,
  target: 'account' | 'treasury',
  meanwhile?: Meanwhile
): Promise<void> {
  const { world, seen, surroundings, model } = simulation;
  const own = seen.deposits.filter((row) => row.owner.toText() === people[who].toText() && nameOf(row.target) === target);
  const { id, changed } = nameFor(
    simulation,
    name,
    own.map((row) => row.request_id)
  );
  const earlier = own.find((row) => row.request_id === id);
  const request = { request_id: id, amount_sats: earlier === undefined ? BigInt(sats) : earlier.amount_sats + (changed ? 1n : 0n) };
  const needed = request.amount_sats + ledgerFee;
  if (approved && earlier === undefined) await approve(world, who, needed <= maxSats ? needed : 0n);
  const due = ((): string => {
    if (earlier !== undefined) return changed ? 'id_reused' : again(earlier);
    if (request.amount_sats < model.settings.min_deposit_sats) return `below_minimum ${model.settings.min_deposit_sats}`;
    return request.amount_sats > maxSats ? `above_maximum ${maxSats}` : comesTo[surroundings.ledger].deposit;
  })();
  // Where the ledger gets to look at it, it must find the money and the allowance.
  const [account, spender] = [people[who], world.id].map((owner) => ({ owner, subaccount: [] as [] }));
  const balance = account === undefined ? 0n : await world.ledger().icrc1_balance_of(account);
  const { allowance } =
    account === undefined || spender === undefined ? { allowance: 0n } : await world.ledger().icrc2_allowance({ account, spender });
  const isCovered = balance >= needed && allowance >= needed;
  const looks = ['none', 'slow', 'trap after', 'lost', 'too slow'].includes(surroundings.ledger);
  const isAsked = earlier === undefined && !due.includes('mum');
  const actor = world.options(people[who]);
  const call: Promise<Answer> = target === 'account' ? actor.deposit(request) : actor.fund_treasury(request);
  const found = await answerOf(simulation, call, meanwhile);
  const poor =
    surroundings.ledger === 'none' || surroundings.ledger === 'slow' || surroundings.ledger === 'trap after'
      ? ['ledger request']
      : ['in_transit', 'ledger request'];
  mustBe(`${target} deposit ${text(request)} of ${who}`, found, isAsked && looks && !isCovered ? [...poor, 'in_transit'] : [due]);
}

const amountOf = (sats: number | 'all' | 'more than all', available: bigint): bigint =>
  sats === 'all' ? available : sats === 'more than all' ? available + 1n : BigInt(sats);

export async function withdraw(
  simulation: Simulation,
  { who, name, sats, to }: Omit<Extract<Command, { kind: 'withdraw' }>, 'kind' | 'who'> & { who: Person },
  fromTreasury: boolean,
  meanwhile?: Meanwhile
): Promise<void> {
  const { world, seen, surroundings, model } = simulation;
  const own = seen.withdrawals.filter((row) => row.owner.toText() === people[who].toText() && row.from_treasury === fromTreasury);
  const { id, changed } = nameFor(
    simulation,
    name,
    own.map((row) => row.request_id)
  );
  const earlier = own.find((row) => row.request_id === id);
  const available = fromTreasury ? model.treasuryFree() : model.available(people[who].toText());
  const places = { own: people[who], other: people.operator, exchange: world.id, minter };
  const request: { request_id: string; amount_sats: bigint; to: Account } =
    earlier === undefined
      ? { request_id: id, amount_sats: amountOf(sats, available), to: { owner: places[to], subaccount: [] } }
      : { request_id: id, amount_sats: earlier.amount_sats + (changed ? 1n : 0n), to: earlier.to };
  const due = ((): string[] => {
    if (earlier !== undefined) return [changed ? 'id_reused' : again(earlier)];
    if (to === 'exchange' || to === 'minter') return ['invalid to'];
    return surroundings.fees.flatMap((fee): string[] => {
      const least = request.amount_sats === available ? 0n : model.settings.min_withdrawal_sats;
      const minimum = least > fee ? least : fee + 1n;
      if (request.amount_sats < minimum) return [`below_minimum ${minimum}`];
      if (request.amount_sats > maxSats) return [`above_maximum ${maxSats}`];
      if (request.amount_sats > available) return [`insufficient_balance ${available} ${request.amount_sats}`];
      const named = comesTo[surroundings.ledger].withdrawal;
      const isWrongFee = fee !== ledgerFee && ['none', 'slow', 'trap after'].includes(surroundings.ledger);
      // The answer that names the right fee may get lost, too.
      if (fee !== ledgerFee && (surroundings.ledger === 'lost' || surroundings.ledger === 'too slow')) return [named, 'ledger request'];
      return [isWrongFee ? 'ledger request' : named];
    });
  })();
  const actor = world.options(people[who]);
  const call: Promise<Answer> = fromTreasury ? actor.withdraw_treasury(request) : actor.withdraw(request);
  const found = await answerOf(simulation, call, meanwhile);
  mustBe(`withdrawal ${text(request)} of ${who}, with ${available} available`, found, due);
}
