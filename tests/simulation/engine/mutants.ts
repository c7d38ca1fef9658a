// Bugs that somebody could have written, each as a replacement in the canister's sources. A proof that lets one of them pass proves too little.

export interface Mutant {
  name: string;
  /** Each text must stand in its file exactly once. */
  replacements: { file: string; find: string; replace: string }[];
}

const one = (name: string, file: string, find: string, replace: string): Mutant => ({ name, replacements: [{ file, find, replace }] });

export const mutants: Mutant[] = [
  one(
    'what is left of the maximum premium stays with the treasury',
    'Positions.mo',
    'Money.move(state, #reserved trader, #available trader, position.maxPremium - paid);',
    'Money.move(state, #reserved trader, #treasury, position.maxPremium - paid);'
  ),
  one(
    'a reserve is released twice',
    'Positions.mo',
    'Money.move(state, #treasuryReserved, #treasury, amount);',
    'Money.move(state, #treasuryReserved, #treasury, amount); if (Money.has(state, #treasuryReserved, amount)) Money.move(state, #treasuryReserved, #treasury, amount);'
  ),
  one('a tie pays nothing', 'Contracts.mo', 'return (#tie, position.fair + position.spread + position.skew);', 'return (#tie, 0);'),
  one(
    'a tie is decided at full precision, not at cents',
    'Contracts.mo',
    'if (Units.centsHalfUp(price) == Units.centsHalfUp(strike))',
    'if (price == strike)'
  ),
  one('call and put are swapped', 'Contracts.mo', 'if (above == (terms.direction == #call))', 'if (above == (terms.direction == #put))'),
  one(
    'a capped payout is rounded up',
    'Payoff.mo',
    'let payout = FixedPoint.mulDivAtMost(notionalSats, if (gain < capE8) gain else capE8, settlementE8);',
    'let payout = FixedPoint.mulDivUp(notionalSats, if (gain < capE8) gain else capE8, settlementE8);'
  ),
  {
    name: 'a capped put has no cap',
    replacements: [
      { file: 'Payoff.mo', find: 'if (gain < capE8) gain else capE8', replace: 'gain' },
      {
        file: 'Payoff.mo',
        find: 'if (payout < most) payout else most;',
        replace: 'if (direction == #put or payout < most) payout else most;'
      }
    ]
  },
  one(
    'a capped call reserves too much',
    'Payoff.mo',
    'case (#call) FixedPoint.mulDiv(notionalSats, capE8, strikeE8 + capE8);',
    'case (#call) FixedPoint.mulDiv(notionalSats, capE8, strikeE8);'
  ),
  one(
    'an order can be cancelled after its fill minute began',
    'Orders.mo',
    'if (now >= Positions.fillMinute(position) and',
    'if (now >= Positions.fillMinute(position) + 30_000_000_000 and'
  ),
  one(
    'a resend makes a second order',
    'Orders.mo',
    'return if (sameContent(earlier, request)) #ok earlier else #err(Errors.idReused("client_order_id"));',
    'ignore sameContent(earlier, request);'
  ),
  {
    name: 'the mean is one of nine minutes',
    replacements: [
      { file: 'PriceBook.mo', find: 'var minute = expiry - 9 * Units.MINUTE_NS;', replace: 'var minute = expiry - 8 * Units.MINUTE_NS;' },
      { file: 'PriceBook.mo', find: '#price(sum / 10);', replace: '#price(sum / 9);' }
    ]
  },
  one(
    'the skew ignores the fills before',
    'Market.mo',
    'let used = Premium.utilisationPpm(state.treasury.openReserve, largest,',
    'let used = Premium.utilisationPpm(0, largest,'
  ),
  one('a statement leaves out what is reserved', 'Statement.mo', '= trader.available + trader.reserved;', '= trader.available;'),
  one(
    'a refused withdrawal is refunded twice',
    'Withdrawals.mo',
    'note(state, withdrawal, #refund, now);',
    'note(state, withdrawal, #refund, now); Money.move(state, #outside, account(withdrawal.source), withdrawal.amount);'
  ),
  one(
    'a withdrawal without an answer is refunded at once',
    'Withdrawals.mo',
    '} catch (error) { Ledger.judgeReject(error) };',
    '} catch (_) { #refused "no answer" };'
  ),
  one(
    'a duplicate counts as a refusal',
    'Ledger.mo',
    'case (#Err(?#Duplicate { duplicate_of })) #done duplicate_of;',
    'case (#Err(?#Duplicate _)) #refused "duplicate";'
  ),
  one(
    'a repeated withdrawal is a new one to the ledger',
    'Withdrawals.mo',
    'created_at_time = ?withdrawal.sent;',
    'created_at_time = null;'
  ),
  one('a limit is off by one', 'Limits.mo', '= atRisk + more > maximum;', '= atRisk + more >= maximum;'),
  one(
    'pending orders may hold back all of the treasury',
    'Limits.mo',
    'let half = Money.treasuryTotal(state) / 2;',
    'let half = Money.treasuryTotal(state);'
  ),
  one(
    'a jump is believed without a second answer',
    'OracleClient.mo',
    'case (#confirm entry) if (PriceBook.at(state, entry.minute) == null) await* confirm(state, entry, now);',
    'case (#confirm entry) ignore PriceBook.record(state, entry);'
  ),
  one(
    'a pause holds up settlement',
    'Settlement.mo',
    'public func due(state : State, now : Nat64, limit : Nat) : ?Due {',
    'public func due(state : State, now : Nat64, limit : Nat) : ?Due { if (state.paused != null) return null;'
  ),
  one(
    'a pause leaves pending orders',
    'Control.mo',
    'for (order in Fills.due(state, now, CANCEL_AT_ONCE).values()) ignore Fills.process(state, order, now);',
    ''
  ),
  one(
    'orders fill in the reverse order',
    'api/Clockwork.mo',
    'for (order in Fills.due(state, now, FILLS).values()) {',
    'for (order in Fills.due(state, now, FILLS).reverse().values()) {'
  ),
  one('orders fill at the newest price', 'Fills.mo', 'switch (PriceBook.at(state, minute)) {', 'switch (PriceBook.newest(state)) {'),
  one('an upgrade loses the timers', 'main.mo', '  arm<system>();', '  if (exchange.nextDeposit == 0) arm<system>();'),
  one(
    'a stop after an upgrade shifts the rounds',
    'api/Clockwork.mo',
    'if (Units.now() < next + Units.SECOND_NS) Timer',
    'if (true) Timer'
  ),
  one('a gap counts as one minute', 'Volatility.mo', 'let gap = minute - previousMinute : Nat64;', 'let gap : Nat64 = 1;'),
  one(
    'a fair value is rounded down',
    'Pricing.mo',
    ') : Nat64 = FixedPoint.mulDivUp(payoutSats, digitalShare(',
    ') : Nat64 = FixedPoint.mulDiv(payoutSats, digitalShare('
  ),
  one(
    'weekly options expire on Thursday',
    'Tenors.mo',
    'let WEEKLY_AT_NS : Nat64 = 115_200_000_000_000;',
    'let WEEKLY_AT_NS : Nat64 = 28_800_000_000_000;'
  )
];

/** Those that `npm test` plants: caught by the first few histories. */
export const quickMutants = ['what is left of the maximum premium stays with the treasury', 'the skew ignores the fills before'];
