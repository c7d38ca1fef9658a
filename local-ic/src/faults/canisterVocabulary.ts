import { EXCHANGE_RATE_VARIANTS } from './exchangeRateErrors.ts';
import { LEDGER_VARIANTS, ledgerErrorCarries } from './ledgerErrors.ts';
import { choice, flag, hex, nat, number, text, type Term } from './Term.ts';

const AWAIT = 'After the n-th await; empty: any';
const MAX_MS = 31_536_000_000;

/** Every kind of fault in canisters and between them. */
export const CANISTER_VOCABULARY: readonly Term[] = [
  {
    kind: 'canister-stop',
    effect: 'The canister is stopped before it takes the message, and started again when the rule goes.',
    parameters: [number('forMs', 'Started again after (ms)', 1, MAX_MS, undefined)]
  },
  {
    kind: 'canister-trap',
    effect: 'The canister traps on a call or a timer; what the message did is undone.',
    parameters: [choice('when', 'Traps', ['before', 'after']), text('message', 'Message', 'trapped by a fault')]
  },
  {
    kind: 'callback-trap',
    effect: 'The canister traps after an await: what it did since is undone, what it did before stays.',
    parameters: [number('await', 'After the n-th await', 1, 1_000_000, 1), text('message', 'Message', 'trapped by a fault')]
  },
  {
    kind: 'out-of-cycles',
    effect: 'The canister has no cycles: for the message, which is rejected (IC0207), or for calls, which it can’t make.',
    parameters: [choice('on', 'No cycles for', ['message', 'call'])]
  },
  {
    kind: 'canister-upgrade',
    effect: 'The canister is upgraded with its own module: in the middle of a call, before it gets an answer, or before a message.',
    parameters: [
      choice('on', 'Before', ['answer', 'message']),
      number('await', AWAIT, 1, 1_000_000, undefined),
      hex('arg', 'Argument (Candid, hex); empty: none'),
      flag('skipPreUpgrade', 'Without pre_upgrade')
    ],
    problem: (rule) => (rule['on'] === 'message' && rule['await'] !== undefined ? '"await" goes with "on": "answer"' : undefined)
  },
  {
    kind: 'slow-callee',
    effect: 'The call reaches the canister later, or its answer the caller, by the network’s time.',
    parameters: [
      number('ms', 'Delay (ms of network time)', 0, MAX_MS, 1_000),
      nat('ns', 'And (ns)'),
      number('jitterMs', 'And at random up to (ms)', 0, MAX_MS, 0),
      choice('on', 'What is late', ['request', 'response'])
    ]
  },
  {
    kind: 'silent-callee',
    effect: 'The call is never answered while the rule is there; afterwards it goes on. A bounded wait ends with SYS_UNKNOWN.',
    parameters: [choice('on', 'What is held back', ['request', 'response'])]
  },
  {
    kind: 'canister-reject',
    effect: 'The call is rejected instead of executed, or executed and its answer replaced by a reject.',
    parameters: [
      number('code', 'Reject code; empty: 2, executed 6', 1, 6, undefined),
      text('errorCode', 'Error code; empty: the usual one', ''),
      text('message', 'Message', 'rejected by a fault'),
      flag('executed', 'The call was executed all the same')
    ],
    problem: problemOfReject
  },
  {
    kind: 'canister-reply',
    effect: 'The call is answered with given bytes instead of executed.',
    parameters: [hex('reply', 'Reply (Candid, hex)', false), flag('executed', 'The call was executed all the same')]
  },
  {
    kind: 'ledger-error',
    effect: 'A ledger (ICRC-1, ICRC-2) answers transfers and approvals with an error and does nothing.',
    parameters: [
      { ...choice('variant', 'Error', LEDGER_VARIANTS), optional: false, initial: 'TemporarilyUnavailable' },
      nat('value', 'Its number (balance, fee, ...)'),
      text('message', 'GenericError’s message', '')
    ],
    problem: ({ variant, value, message }) => {
      const carries = ledgerErrorCarries(String(variant));
      if (value !== undefined && !carries.value) return `${String(variant)} carries no "value"`;
      return message !== undefined && !carries.message ? `${String(variant)} carries no "message"` : undefined;
    }
  },
  {
    kind: 'exchange-rate-error',
    effect: 'The exchange rate canister answers get_exchange_rate with an error and takes no cycles.',
    parameters: [
      { ...choice('variant', 'Error', EXCHANGE_RATE_VARIANTS), optional: false, initial: 'RateLimited' },
      number('code', 'Other’s code', 0, 0xffff_ffff, undefined),
      text('description', 'Other’s description', '')
    ],
    problem: ({ variant, code, description }) =>
      variant !== 'Other' && (code !== undefined || description !== undefined)
        ? `Only Other carries "code" and "description", not ${String(variant)}`
        : undefined
  }
];

/** The first digit of an error code is the reject code; 1, 2 and 3 say that nothing was executed. */
function problemOfReject({ code, errorCode, executed }: Record<string, unknown>): string | undefined {
  if (errorCode !== undefined && !/^IC0[1-6]\d\d$/.test(String(errorCode))) {
    return `"errorCode" must be a code of the network from IC0100 to IC0699, not ${JSON.stringify(errorCode)}`;
  }
  const said = errorCode === undefined ? undefined : Number(String(errorCode).slice(3, 4));
  if (code !== undefined && said !== undefined && said !== code)
    return `Error code ${String(errorCode)} belongs to reject code ${said}, not ${String(code)}`;
  const effective = code ?? said;
  if (executed === true && typeof effective === 'number' && effective < 4) {
    return `Reject code ${effective} tells the caller that nothing was executed; with "executed" it must be 4, 5 or 6`;
  }
  return undefined;
}
