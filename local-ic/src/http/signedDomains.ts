import { domainSeparator } from './bytes.ts';

/** What comes before a root hash that is signed as a certificate. */
export const STATE_ROOT = domainSeparator('ic-state-root');
/** What comes before the hash of a query's answer that a node signs. */
export const QUERY_RESPONSE = domainSeparator('ic-response');
