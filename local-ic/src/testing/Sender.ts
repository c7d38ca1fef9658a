import type { Principal } from '@dfinity/principal';

/** Who makes a call: a principal, or an identity of the agent. */
export type Sender = Principal | { getPrincipal(): Principal };

export function principalOf(sender: Sender): Principal {
  return 'getPrincipal' in sender ? sender.getPrincipal() : sender;
}
