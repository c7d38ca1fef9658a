import { test } from 'vitest';
import { expectEveryInvariant } from './engineProperty.ts';

// Half of the histories; the other half runs beside it in a thread of its own.
test('150 histories: the canister and the model agree after every step, and every invariant holds', () =>
  expectEveryInvariant(150, 20261103));
