import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { Actor, type HttpAgent } from '@dfinity/agent';
import { toReserves } from '../../../src/lib/ic/adminMapping';
import { judged, type Check } from '../finding.ts';
import { judgeReserves } from '../judgeReserves.ts';
import { sats, timeOf } from '../words.ts';

/** What the ledger says the exchange holds, asked by ourselves; the exchange's deposits on their way lie in subaccounts and don't count. */
async function ledgerBalance(agent: HttpAgent, ledger: string, owner: string): Promise<bigint> {
  const account = IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) });
  const actor = Actor.createActor<{ icrc1_balance_of(of: { owner: Principal; subaccount: [] }): Promise<bigint> }>(
    () => IDL.Service({ icrc1_balance_of: IDL.Func([account], [IDL.Nat], ['query']) }),
    { agent, canisterId: ledger }
  );
  return actor.icrc1_balance_of({ owner: Principal.fromText(owner), subaccount: [] });
}

/** The exchange holds what it owes: by its own proof, and by the ledger's own word. */
export const reserves: Check = {
  name: 'reserves proven',
  run: async ({ config, agent, options }) => {
    const direct = await options(undefined);
    const answer = await direct.get_reserves();
    if ('err' in answer) return judged([`get_reserves: ${answer.err.message}`], 'no proof');
    const proof = toReserves(answer.ok);
    const { now_ns: nowNs } = await direct.get_market();
    const heldSats = await ledgerBalance(await agent(undefined), config.canisters.ledger, config.canisters.options);
    const { owedSats, faults } = judgeReserves(proof, heldSats, nowNs);
    return judged(
      faults,
      `ledger ${sats(proof.ledgerSats)} against ${sats(owedSats)} owed (traders ${sats(proof.accountsSats)}, treasury ${sats(proof.treasuryAvailableSats + proof.treasuryReservedSats)}), ` +
        `in flight ${sats(proof.inFlightSats)}, checked ${timeOf(proof.ledgerCheckedNs)}, ${(nowNs - proof.ledgerCheckedNs) / 1_000_000_000n} s ago; the ledger itself says now: ${sats(heldSats)}`
    );
  }
};
