import { exampleConfig } from '../exampleConfig.ts';

export default exampleConfig(import.meta.dirname, '2-balance-and-admin');
