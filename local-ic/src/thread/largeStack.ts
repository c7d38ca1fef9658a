import { parentPort, Worker, workerData } from 'node:worker_threads';

/**
 * Canisters run on the stack of the thread that runs the network. V8 gives the main thread less than a megabyte, some 8,000 nested calls of a
 * small Motoko function; this much takes several hundred thousand. The memory is taken from the machine only when it is used.
 */
const STACK_MB = 64;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];
/** What starts a program (npm, a shell) may pass on a Ctrl-C that reached the program already: within this time that is the same one. */
const SAME_SIGNAL_MS = 1_000;

/** Shared by both threads: 1 once the program wants to be told of signals. */
interface LargeStackData {
  waitsForSignal: Int32Array;
}

/**
 * Runs a program in a thread with a large stack, as if it were the process: it gets these arguments, its output is the process's, and so are its
 * exit code and the way it fails. Signals it takes with `stopSignal`; until it does, they end the process as they always do.
 *
 * A program that crashes ends the process with code 1.
 * @param entry the program's module
 * @param args its arguments, `process.argv` from the third on
 */
export function runOnLargeStack(entry: URL, args: string[] = process.argv.slice(2)): void {
  const waitsForSignal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(entry, {
    argv: args,
    workerData: { waitsForSignal } satisfies LargeStackData,
    // The limits of the heap, which aren't given, are then the main thread's.
    resourceLimits: { stackSizeMb: STACK_MB }
  });
  let toldAt: number | undefined;
  const onSignal = (signal: StopSignal): void => {
    if (toldAt === undefined && Atomics.load(waitsForSignal, 0) === 1) {
      toldAt = performance.now();
      worker.postMessage(signal);
    } else if (toldAt === undefined || performance.now() - toldAt > SAME_SIGNAL_MS) {
      // Nobody listens, or whoever asks a second time won't wait for the end: without a handler the signal has its usual effect.
      for (const name of STOP_SIGNALS) process.removeListener(name, onSignal);
      process.kill(process.pid, signal);
    }
  };
  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  worker.on('error', (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  });
  worker.on('exit', (code) => (process.exitCode = code));
}

/**
 * Resolves with the signal that asks this program to stop. From the call on such a signal doesn't end the process any more.
 * In a program that `runOnLargeStack` did not start, too.
 */
export function stopSignal(): Promise<StopSignal> {
  const data: unknown = workerData;
  return new Promise((resolve) => {
    if (parentPort === null || !isLargeStackData(data)) {
      // All of them, and for good: the second copy of a Ctrl-C must not kill a program that is saving.
      for (const name of STOP_SIGNALS) process.on(name, () => resolve(name));
      return;
    }
    parentPort.once('message', resolve);
    // As a handler of a signal: it doesn't keep a program alive that has nothing else to do.
    parentPort.unref();
    Atomics.store(data.waitsForSignal, 0, 1);
  });
}

function isLargeStackData(data: unknown): data is LargeStackData {
  return typeof data === 'object' && data !== null && 'waitsForSignal' in data && data.waitsForSignal instanceof Int32Array;
}
