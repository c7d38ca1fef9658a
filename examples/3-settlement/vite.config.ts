import { exampleConfig } from '../exampleConfig.ts';

export default exampleConfig(import.meta.dirname, '3-settlement');
