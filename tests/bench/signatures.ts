import { rootSigners } from '../../local-ic/bench/signatures.ts';
import { medianMs, type Row } from './measure.ts';

const SAMPLES = 60;

/** The signature of a certificate, the dearest thing the network makes: once a turn of its event loop. */
export async function signatures(): Promise<Row[]> {
  const { noble, mcl } = await rootSigners();
  const root = new Uint8Array(32);
  // Another message each time.
  const next = (): Uint8Array => {
    root[0] = (root[0] ?? 0) + 1;
    return root;
  };
  return [
    {
      what: 'BLS signature of a certificate',
      value: await medianMs(() => mcl(next()), SAMPLES),
      unit: 'ms',
      comparedWith: 'noble',
      other: await medianMs(() => noble(next()), SAMPLES)
    }
  ];
}
