import type { AppConfig } from '$lib/config/config';
import { loadConfig } from '$lib/config/loadConfig';
import { createEnhancedServices } from '$lib/services/createEnhancedServices';
import { derived } from 'svelte/store';
import type { Settling } from './settling';

/** Settlement as part of the hub: nothing to wire. */
export function settleWithHub(config: AppConfig): Settling {
  const services = createEnhancedServices({ config, readConfig: () => loadConfig() });
  return {
    session: { state: services.session, login: () => services.login(), logout: () => services.logout() },
    metrics: services.settlementMetrics,
    positions: derived(services.positions, ({ value }) => value ?? []),
    legacyPositions: derived(services.legacyPositions, ({ value }) => value ?? []),
    settle: (id) => services.settle(id),
    settleLegacy: (id) => services.settleLegacy(id),
    retryFailed: () => services.retryFailedSettlements(),
    history: () => services.settlementHistory(),
    close: () => services.cleanup()
  };
}
