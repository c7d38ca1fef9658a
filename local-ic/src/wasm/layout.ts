/** Unit in which the network notices what a message writes. */
export const PAGE_SHIFT = 12;
export const PAGE_BYTES = 2 ** PAGE_SHIFT;

export const WASM_PAGE_BYTES = 65_536;
export const PAGES_PER_WASM_PAGE = WASM_PAGE_BYTES / PAGE_BYTES;

/** How far a canister's memory may grow, in Wasm pages: 4 GiB with 32-bit addresses; 6 GiB with 64-bit ones, so that one canister can't take all of a usual machine. */
export const memoryLimit = (is64: boolean): number => (is64 ? 6 * 16_384 : 4 * 16_384);

/** Memories of a rewritten module. */
export const Memory = {
  /** The canister's own. */
  own: 0,
  /** One byte for every page: 1 when the running message has written it. Behind those, the numbers of the written pages, 4 bytes each. */
  dirty: 1,
  /** What the written pages held before, in the order of that list; pages that are new in this message have no place here. */
  undo: 2
} as const;

/** Where the list begins in the dirty memory: behind a flag for every page there can be. */
export const listOffset = (is64: boolean): number => memoryLimit(is64) * PAGES_PER_WASM_PAGE;

/** Size of the dirty memory, in Wasm pages. Address space only: the machine gives memory to the parts that are used. */
export const dirtyMemoryPages = (is64: boolean): number => (5 * listOffset(is64)) / WASM_PAGE_BYTES;

/** By how many Wasm pages the undo memory grows at a time. */
export const UNDO_STEP = 64;
/** Room for the old content of every page. */
export const undoMemoryLimit = (is64: boolean): number => memoryLimit(is64) + UNDO_STEP;

/** Globals that are added behind a module's own, in this order. */
export const ADDED_GLOBALS = ['left', 'size', 'committed', 'dirtyCount', 'undoCount'] as const;
export type AddedGlobal = (typeof ADDED_GLOBALS)[number];

/** Functions that are added behind a module's own, in this order. */
export const ADDED_FUNCTIONS = ['mark', 'bulkWrite', 'grow'] as const;
export type AddedFunction = (typeof ADDED_FUNCTIONS)[number];
