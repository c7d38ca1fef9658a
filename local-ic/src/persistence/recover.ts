import type { EmbeddedEngine } from '../engine/EmbeddedEngine.ts';
import type { Subnet } from '../engine/Subnet.ts';
import type { InputLog } from './InputLog.ts';
import type { Manifest } from './manifest.ts';

/**
 * Brings a network from its last checkpoint to the moment its process ended, by running again what the log has. Every round must come to the answers
 * it gave the first time.
 *
 * @throws Error when it doesn't
 */
export function recover(engine: EmbeddedEngine, subnet: Subnet, { inFlight, rules, log: from }: Manifest, log: InputLog): void {
  const { prices, instructionLimits } = subnet;
  engine.resume(inFlight);
  Object.assign(subnet, { ...rules, prices: rules.prices ?? undefined });
  let rounds = 0;
  subnet.mute(true);
  try {
    for (const entry of log.read(from)) {
      if (entry.kind === 'input') engine.replayInput(entry.input);
      else {
        engine.replayRound(entry.round);
        rounds++;
      }
    }
  } finally {
    subnet.mute(false);
    Object.assign(subnet, { prices, instructionLimits });
  }
  if (rounds > 0) subnet.log(`[local-ic] ran the last ${rounds} rounds of the earlier process again, to the same answers`);
}
