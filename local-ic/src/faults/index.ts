export { connectFaults, type FaultsClient, type FaultsState } from './client.ts';
export { exchangeRateError, type ExchangeRateVariant } from './exchangeRateErrors.ts';
export { ledgerError, type LedgerVariant } from './ledgerErrors.ts';
