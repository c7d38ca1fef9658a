import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { APPLICATION_SUBNET, type CyclesOption } from '../canister/cycles/prices.ts';
import { DEFAULT_LIMITS, type InstructionLimits } from '../canister/instructionLimits.ts';
import { AutoSave } from '../persistence/AutoSave.ts';
import { StateCapture, type CapturedState } from '../persistence/captureState.ts';
import { lockDirectory } from '../persistence/lockDirectory.ts';
import { InputLog } from '../persistence/InputLog.ts';
import type { NetworkFacts } from '../persistence/manifest.ts';
import { recover } from '../persistence/recover.ts';
import { restoreState } from '../persistence/restoreState.ts';
import { StateDirectory } from '../persistence/StateDirectory.ts';
import { Clock, type ClockOption } from './Clock.ts';
import { EmbeddedEngine } from './EmbeddedEngine.ts';
import { Randomness } from './Randomness.ts';
import { Subnet } from './Subnet.ts';

export interface EngineOptions {
  clock: ClockOption;
  /** Seed of raw_rand; one seed gives one sequence. Without it: random, or fixed when the clock is virtual. */
  randomSeed?: Uint8Array | undefined;
  /** Directory of the saved state; without it nothing outlives the process. */
  stateDir?: string | undefined;
  /** Takes debug_print lines, traps and the network's own messages. */
  log?: ((line: string) => void) | undefined;
  /** How many instructions an execution may use; what isn't given is as on the IC. */
  instructionLimits?: Partial<InstructionLimits> | undefined;
  /** The state to begin with, for a network that keeps none on disk. */
  from?: CapturedState | undefined;
  /** Whether canisters pay as on the IC; default 'free'. */
  cycles?: CyclesOption | undefined;
  /** The network's root key, DER, asked for once the state directory is claimed: canisters can read it, so none may run before. */
  rootKey?: (() => Promise<Uint8Array>) | undefined;
  /** How far the network's time is ahead of the clock's; replaces what was saved. */
  clockOffsetNs?: bigint | undefined;
}

/**
 * Starts the engine: empty, or with the state that was saved in `stateDir` and everything that happened afterwards, run again from the log.
 *
 * @throws Error when another process uses that directory, or what is in it is damaged
 */
export async function createEngine(options: EngineOptions): Promise<EmbeddedEngine> {
  if (options.stateDir === undefined) return startInMemory(options);
  const directory = join(options.stateDir, 'engine');
  const release = lockDirectory(directory);
  try {
    const files = new StateDirectory(directory);
    const manifest = await files.readManifest();
    const log = new InputLog(directory, manifest?.log);
    const subnet = await createSubnet(options, manifest);
    if (manifest !== undefined) await restoreState(subnet, manifest, files);
    const engine = new EmbeddedEngine(subnet);
    if (manifest !== undefined) recover(engine, subnet, manifest, log);
    forgetFreeTime(subnet);
    const capture = new StateCapture();
    const checkpoints = { capture: () => capture.capture(subnet, engine.inFlight()), confirm: () => capture.confirm() };
    const keeper = new AutoSave(checkpoints, files, log, (line) => subnet.log(line), release);
    // Without a first checkpoint the log would have nothing to build on; and what is run again must not be under other rules than what follows.
    await keeper.save();
    engine.start(keeper);
    return engine;
  } catch (error) {
    release();
    throw error;
  }
}

async function startInMemory({ from, ...options }: EngineOptions): Promise<EmbeddedEngine> {
  const subnet = await createSubnet(options, from?.manifest);
  const engine = new EmbeddedEngine(subnet);
  if (from !== undefined) {
    const blobs = { readBlob: (name: string) => from.newBlobs.get(name) };
    await restoreState(subnet, from.manifest, blobs);
    engine.resume(from.manifest.inFlight);
    forgetFreeTime(subnet);
  }
  engine.start();
  return engine;
}

async function createSubnet(options: EngineOptions, saved?: NetworkFacts): Promise<Subnet> {
  const { clock: option, clockOffsetNs, randomSeed, instructionLimits, cycles, log, rootKey } = options;
  const clock = new Clock(option, clockOffsetNs ?? saved?.clockOffsetNs ?? 0n);
  const seed = saved?.randomSeed ?? randomSeed ?? (clock.isVirtual ? new Uint8Array(32) : randomBytes(32));
  const prices = cycles === 'charged' ? APPLICATION_SUBNET : undefined;
  const limits = { ...DEFAULT_LIMITS, ...instructionLimits };
  const subnet = new Subnet(clock, new Randomness(seed), limits, prices, log ?? (() => undefined));
  if (rootKey !== undefined) subnet.setRootKey(await rootKey());
  return subnet;
}

/** Time in which nothing is charged isn't charged for later. */
function forgetFreeTime({ prices, canisters }: Subnet): void {
  if (prices === undefined) for (const canister of canisters.all()) canister.idlePaidUntilNs = 0n;
}
