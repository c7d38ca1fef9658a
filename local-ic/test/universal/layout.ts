import { API_NAMES, type ApiName } from './systemApi.ts';

/**
 * Where things are in the universal canister's memory. Everything is at a fixed address, so that a program can be written without knowing
 * what ran before.
 */
export const Address = {
  /** Addresses of the stored programs, 8 bytes each. */
  slots: 0x100,
  stack: 0x1000,
  /** Where functions that write 8 or 16 bytes are pointed to. */
  word: 0x8000,
  amount: 0x8010,
  /** Copies of principals, keys and names: 256 bytes for each kind. */
  small: 0x9000,
  /** 64 KiB for tests to write to and read from. */
  heap: 0x1_0000,
  /** Copies of texts and certificates: 64 KiB for each kind. */
  large: 0x2_0000,
  /** A program of the start function. */
  start: 0xe_0000,
  /** Copy of the argument, at most 2 MiB. */
  argument: 0x10_0000,
  /** Programs, one behind the other; here the memory grows. */
  programs: 0x34_0000
} as const;

export const INITIAL_PAGES = Address.programs / 65_536;

/** Programs that outlive the message that stored them. */
const SLOTS = ['heartbeat', 'globalTimer', 'preUpgrade', 'inspect', 'lowWasmMemory', 'transform'] as const;
export type Slot = (typeof SLOTS)[number];
export const slotAddress = (slot: Slot): number => Address.slots + 8 * SLOTS.indexOf(slot);

/** Index in the table of the function every callback points to; its argument is the address of a program. */
export const CALLBACK_INDEX = 0;

/** Operations of the machine itself, in the order of their codes, which begin with 1: 0 ends a program. */
export const CORE_OPERATIONS = [
  'constant',
  'bytes',
  'program',
  'drop',
  'pick',
  'add',
  'subtract',
  'multiply',
  'remainder',
  'and',
  'equal',
  'less',
  'load8',
  'load64',
  'store8',
  'store64',
  'fill',
  'copy',
  'memorySize',
  'memoryGrow',
  'jump',
  'jumpIfZero',
  'getGlobal',
  'setGlobal',
  'unreachable'
] as const;
export type CoreOperation = (typeof CORE_OPERATIONS)[number];

export const END = 0;
export const coreCode = (operation: CoreOperation): number => 1 + CORE_OPERATIONS.indexOf(operation);
export const apiCode = (name: ApiName): number => 1 + CORE_OPERATIONS.length + API_NAMES.indexOf(name);
