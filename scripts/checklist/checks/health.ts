import { judged, type Check } from '../finding.ts';
import { readPage } from '../readPage.ts';

/** What the options canister itself says of its health, and whether monitoring can read its figures. */
export const health: Check = {
  name: 'health, metrics',
  run: async (context) => {
    const page = await readPage(context, '/health');
    const metrics = await readPage(context, '/metrics');
    const families = metrics.text.match(/^# TYPE /gmu)?.length ?? 0;
    const faults: string[] = [];
    if (page.status !== 200) faults.push(`/health: ${page.text.trim().split('\n').join(', ')}`);
    if (metrics.status !== 200 || families === 0) faults.push('/metrics has no figures');
    return judged(
      faults,
      `/health ${page.status} ${page.status === 200 ? page.text.trim() : ''}; /metrics ${metrics.status} with ${families} figures`
    );
  }
};
