import { assemble, op, type ModuleSketch } from '../support/wasm.ts';
import { Address, INITIAL_PAGES, slotAddress, type Slot } from './layout.ts';
import { GLOBAL_COUNT, Machine, MachineGlobal } from './machine.ts';
import type { Program } from './Program.ts';
import { API_NAMES, ONLY_IN_32_BIT, SYSTEM_API, type ApiName } from './systemApi.ts';

export interface UniversalOptions {
  /** 64-bit memory. */
  is64?: boolean;
  /** What is exported besides init, the methods, the timer and the hooks of an upgrade. */
  heartbeat?: boolean;
  inspect?: boolean;
  lowWasmMemory?: boolean;
  /** A program of the start function. */
  start?: Program;
  customSections?: Record<string, string>;
}

/**
 * Makes the universal canister: a machine that performs the operations of a program, which can call every function of the System API
 * with any arguments. The methods `update`, `query` and `composite`, init and post_upgrade run the program that is their argument; the
 * other entry points run a program that was stored for them.
 */
export function universalWasm(options: UniversalOptions = {}): Uint8Array {
  const { is64 = false } = options;
  const machine = new Machine(is64);
  const imported = API_NAMES.filter((name) => !is64 || !ONLY_IN_32_BIT.includes(name));
  const imports = imported.map((name) => importOf(name, is64));
  const indexOf = (name: ApiName): number => imported.indexOf(name);
  const I = is64 ? 'i64' : 'i32';

  const [run, allocate, callback] = [imports.length, imports.length + 1, imports.length + 2];
  const operations: number[][] = [
    ...machine.coreOperations(),
    ...API_NAMES.map((name) =>
      imported.includes(name) ? machine.apiOperation(indexOf(name), SYSTEM_API[name][0], SYSTEM_API[name][1]) : op.unreachable
    )
  ];
  const runArgument = argumentRunner(machine, { size: indexOf('msg_arg_data_size'), copy: indexOf('msg_arg_data_copy'), run, allocate });
  const runAt = (address: number): number[] => [...op.i64(BigInt(address)), ...op.call(run)];
  const runSlot = (slot: Slot): number[] => {
    const program = machine.load64(op.i64(BigInt(slotAddress(slot))));
    return [...program, 0x50, 0x45, ...op.if, ...program, ...op.call(run), ...op.end];
  };

  const entries: NonNullable<ModuleSketch['functions']> = [
    ...[
      'canister_init',
      'canister_post_upgrade',
      'canister_update update',
      'canister_query query',
      'canister_composite_query composite'
    ].map((exportAs) => ({ exportAs, locals: ARGUMENT_LOCALS, body: runArgument })),
    { exportAs: 'canister_pre_upgrade', body: runSlot('preUpgrade') },
    { exportAs: 'canister_global_timer', body: runSlot('globalTimer') },
    { exportAs: 'canister_query transform', body: runSlot('transform') },
    ...(options.heartbeat === true ? [{ exportAs: 'canister_heartbeat', body: runSlot('heartbeat') }] : []),
    ...(options.inspect === true ? [{ exportAs: 'canister_inspect_message', body: runSlot('inspect') }] : []),
    ...(options.lowWasmMemory === true ? [{ exportAs: 'canister_on_low_wasm_memory', body: runSlot('lowWasmMemory') }] : [])
  ];
  const functions: NonNullable<ModuleSketch['functions']> = [
    { params: ['i64'], locals: ['i32'], body: machine.run() },
    { params: ['i64'], results: ['i64'], locals: ['i64', 'i64'], body: machine.allocate() },
    { params: [I], body: [...op.localGet(0), ...machine.fromAddress, ...op.call(run)] },
    ...operations.map((body) => ({ body })),
    ...entries,
    ...(options.start === undefined ? [] : [{ body: runAt(Address.start) }])
  ];
  return assemble({
    types: [{}],
    imports,
    memoryPages: INITIAL_PAGES,
    is64,
    globals: new Array<'i64'>(GLOBAL_COUNT).fill('i64'),
    functions,
    table: [callback, ...operations.map((_, index) => callback + 1 + index)],
    ...(options.start && {
      start: imports.length + functions.length - 1,
      data: { offset: Address.start, bytes: options.start.bytes() }
    }),
    ...(options.customSections && { customSections: options.customSections })
  });
}

function importOf(name: ApiName, is64: boolean): NonNullable<ModuleSketch['imports']>[number] {
  const [params, result] = SYSTEM_API[name];
  const wide = (letter: string): 'i32' | 'i64' => (letter === 'l' || (letter === 'p' && is64) ? 'i64' : 'i32');
  return { name, params: [...params].map(wide), results: [...result].map(wide) };
}

/** Size of the argument, its address, and how many bytes of programs there were. */
const ARGUMENT_LOCALS: ['i64', 'i64', 'i64'] = ['i64', 'i64', 'i64'];

/** Runs the argument as a program, and forgets it unless something refers to it afterwards. */
function argumentRunner(machine: Machine, { size, copy, run, allocate }: Record<'size' | 'copy' | 'run' | 'allocate', number>): number[] {
  const { programBytes, keep } = MachineGlobal;
  const zero = [...op.i64(0n), ...machine.toAddress];
  return [
    ...[...op.globalGet(programBytes), ...op.localSet(2), ...op.i64(0n), ...op.globalSet(keep)],
    ...[...op.call(size), ...machine.fromAddress, ...op.localSet(0)],
    ...[...op.localGet(0), ...op.i64(1n), 0x7c, ...op.call(allocate), ...op.localSet(1)],
    ...[...op.localGet(1), ...machine.toAddress, ...zero, ...op.localGet(0), ...machine.toAddress, ...op.call(copy)],
    // An end behind the argument, so that an empty one is a program, too.
    ...machine.store8([...op.localGet(1), ...op.localGet(0), 0x7c], op.i64(0n)),
    ...[...op.localGet(1), ...op.call(run)],
    ...[...op.globalGet(keep), 0x50, ...op.if, ...op.localGet(2), ...op.globalSet(programBytes), ...op.end]
  ];
}
