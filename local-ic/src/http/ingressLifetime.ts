/** How long an answer can be fetched after it was given, in network time. */
export const KEEP_ANSWER_NS = 300_000_000_000n;
