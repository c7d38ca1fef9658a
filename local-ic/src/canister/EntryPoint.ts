/**
 * The kinds of execution, as bits: the System API table says for every function in which of them it may be called
 * (https://internetcomputer.org/docs/references/ic-interface-spec#system-api-imports, letters there in the comments).
 */
export const EntryPoint = {
  start: 1 << 0, // s
  init: 1 << 1, // I: canister_init and canister_post_upgrade
  preUpgrade: 1 << 2, // G
  update: 1 << 3, // U
  replicatedQuery: 1 << 4, // RQ
  query: 1 << 5, // NRQ
  compositeQuery: 1 << 6, // CQ
  reply: 1 << 7, // Ry
  reject: 1 << 8, // Rt
  compositeReply: 1 << 9, // CRy
  compositeReject: 1 << 10, // CRt
  cleanup: 1 << 11, // C
  compositeCleanup: 1 << 12, // CC
  inspect: 1 << 13, // F
  task: 1 << 14, // T: timer and heartbeat
  transform: 1 << 15 // TQ: a query that transforms the response of an HTTPS outcall
} as const;

export type EntryPointKind = (typeof EntryPoint)[keyof typeof EntryPoint];

const all = Object.values(EntryPoint).reduce((bits, bit) => bits | bit, 0);
const E = EntryPoint;

/** Sets of entry points that several functions share. */
export const Allowed = {
  anywhere: all,
  notInStart: all & ~E.start,
  argument: E.init | E.update | E.replicatedQuery | E.query | E.transform | E.compositeQuery | E.reply | E.compositeReply | E.inspect,
  callerInfo:
    E.update |
    E.replicatedQuery |
    E.query |
    E.compositeQuery |
    E.reply |
    E.reject |
    E.compositeReply |
    E.compositeReject |
    E.cleanup |
    E.compositeCleanup |
    E.inspect,
  callback: E.reply | E.reject | E.compositeReply | E.compositeReject | E.cleanup,
  rejection: E.reject | E.compositeReject,
  response:
    E.update | E.replicatedQuery | E.query | E.transform | E.compositeQuery | E.reply | E.reject | E.compositeReply | E.compositeReject,
  deadline: E.update | E.replicatedQuery | E.query | E.compositeQuery | E.reply | E.reject | E.compositeReply | E.compositeReject,
  calling: E.update | E.compositeQuery | E.reply | E.reject | E.compositeReply | E.compositeReject | E.task,
  attachingCycles: E.update | E.reply | E.reject | E.task,
  cyclesOffered: E.update | E.replicatedQuery | E.reply | E.reject,
  cyclesRefunded: E.reply | E.reject,
  burning: E.init | E.preUpgrade | E.update | E.replicatedQuery | E.reply | E.reject | E.cleanup | E.task,
  certifying: E.init | E.preUpgrade | E.update | E.reply | E.reject | E.task,
  certificate: E.query | E.compositeQuery,
  timer: E.init | E.preUpgrade | E.update | E.reply | E.reject | E.cleanup | E.task,
  replicated: E.init | E.preUpgrade | E.update | E.replicatedQuery | E.reply | E.reject | E.cleanup | E.task,
  inspecting: E.inspect as number
} as const;

/** Whether an execution of this kind runs on every node of a real subnet, through consensus. */
export function isReplicated(kind: EntryPointKind): boolean {
  return (kind & (E.query | E.transform | E.compositeQuery | E.compositeReply | E.compositeReject | E.compositeCleanup | E.inspect)) === 0;
}

export function entryPointName(kind: EntryPointKind): string {
  return Object.entries(EntryPoint).find(([, bit]) => bit === kind)?.[0] ?? 'unknown';
}
