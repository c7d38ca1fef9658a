import { TITLES, titleOf, type CallContext, type Mapped } from './mapped';

/** Error codes of the execution environment, where they say more than the reject code. The message never started in any of these. */
const NEVER_STARTED: Readonly<Record<string, string>> = {
  IC0508: 'canister_stopped',
  IC0509: 'canister_stopped',
  IC0207: 'canister_out_of_cycles',
  IC0301: 'canister_missing',
  IC0537: 'canister_missing',
  IC0536: 'method_missing'
};

export interface Reject {
  readonly rejectCode: number;
  /** undefined where a network gives none. */
  readonly errorCode: string | undefined;
  /** Refused by the first node that got it, before anything ran. */
  readonly atTheDoor: boolean;
}

/** A reject of the network or the canister by its codes. */
export function mapReject({ rejectCode, errorCode, atTheDoor }: Reject, { canister }: CallContext): Mapped {
  const title = TITLES[canister];
  const code = errorCode === undefined ? undefined : NEVER_STARTED[errorCode];
  switch (code) {
    case 'canister_stopped':
      return { kind: 'temporary', code, message: `${title} is stopped for maintenance. It will be back by itself.` };
    case 'canister_out_of_cycles':
      return { kind: 'temporary', code, message: `${title} has run out of resources and is being topped up.` };
    case 'canister_missing':
      return missing(title);
    case 'method_missing':
      return { kind: 'internal', code, message: `This page and ${titleOf(canister)} are of different versions. Reload the page.` };
  }
  switch (rejectCode) {
    case 2:
      return { kind: 'temporary', code: 'canister_busy', message: `${title} is very busy. Try again in a moment.`, unclear: true };
    case 3:
      return missing(title);
    case 6:
      return {
        kind: 'temporary',
        code: 'outcome_unknown',
        message: `The network did not say how it went. Check before trying again.`,
        unclear: true
      };
    case 4:
      if (!atTheDoor) return failed(title);
      return {
        kind: 'internal',
        code: 'not_accepted',
        message: `${title} did not take this request. Reload the page; report it if it comes back.`
      };
    default:
      return failed(title);
  }
}

/** Code before an await may have taken effect, so even a certified failure leaves the outcome open. */
function failed(title: string): Mapped {
  return { kind: 'internal', code: 'canister_failed', message: `${title} failed while doing this. Report it.`, unclear: true };
}
function missing(title: string): Mapped {
  return { kind: 'internal', code: 'canister_missing', message: `${title} is not installed on this network. Report this.` };
}
