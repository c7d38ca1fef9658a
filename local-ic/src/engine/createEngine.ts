import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { APPLICATION_SUBNET, type CyclesOption } from '../canister/cycles/prices.ts';
import { DEFAULT_LIMITS, type InstructionLimits } from '../canister/instructionLimits.ts';
import { AutoSave } from '../persistence/AutoSave.ts';
import { lockDirectory } from '../persistence/lockDirectory.ts';
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
  /** Whether canisters pay as on the IC; default 'free'. */
  cycles?: CyclesOption | undefined;
  /** How far the network's time is ahead of the clock's; replaces what was saved. */
  clockOffsetNs?: bigint | undefined;
}

/** Starts the engine: empty, or with the state that was saved in `stateDir`. @throws Error when another process uses that directory */
export async function createEngine(options: EngineOptions): Promise<EmbeddedEngine> {
  if (options.stateDir === undefined) return new EmbeddedEngine(createSubnet(options, 0n));
  const directory = join(options.stateDir, 'engine');
  const release = lockDirectory(directory);
  try {
    const files = new StateDirectory(directory);
    const manifest = await files.readManifest();
    const subnet = createSubnet(options, BigInt(manifest?.clockOffsetNs ?? 0));
    if (manifest !== undefined) await restoreState(subnet, manifest, files);
    const engine = new EmbeddedEngine(subnet);
    engine.keepStateWith(new AutoSave(subnet, files, () => engine.settle(), release));
    return engine;
  } catch (error) {
    release();
    throw error;
  }
}

function createSubnet(options: EngineOptions, savedOffsetNs: bigint): Subnet {
  const { clock: option, clockOffsetNs, randomSeed, instructionLimits, cycles, log } = options;
  const clock = new Clock(option, clockOffsetNs ?? savedOffsetNs);
  const seed = randomSeed ?? (clock.isVirtual ? new Uint8Array(32) : randomBytes(32));
  const prices = cycles === 'charged' ? APPLICATION_SUBNET : undefined;
  return new Subnet(clock, new Randomness(seed), { ...DEFAULT_LIMITS, ...instructionLimits }, prices, log ?? (() => undefined));
}
