import type { CanisterState } from '../CanisterState.ts';
import { Trap } from '../Trap.ts';
import { prepayExecution, type Tariff } from './executionFees.ts';

/** A tariff with the instruction limit of an installation. */
interface InstallTariff extends Tariff {
  readonly instructionLimits: { readonly install: bigint };
}

/**
 * Takes the cost of the longest installation.
 *
 * @param caller who learns how many cycles are missing, if it is a controller
 * @throws Trap when the canister can't pay; then nothing was taken
 */
export function prepayInstallation(tariff: InstallTariff, canister: CanisterState, is64: boolean, caller: Uint8Array): bigint {
  const payment = prepayExecution(tariff, canister, tariff.instructionLimits.install, caller, is64);
  if ('refusal' in payment) throw new Trap('IC0207', `Canister installation failed with \`${payment.refusal}\`.`);
  return payment.prepaid;
}
