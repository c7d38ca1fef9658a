/** Whether the old address lets Internet Identity keep its people's principals at this site; the faults in words. */
export function judgeAlternativeOrigins(answer: { status: number; headers: Headers; body: string }, site: string): string[] {
  if (answer.status !== 200) return [`ii-alternative-origins answers ${answer.status} (a redirect counts as none)`];
  const faults: string[] = [];
  if (answer.headers.get('access-control-allow-origin') !== '*')
    faults.push('ii-alternative-origins has no Access-Control-Allow-Origin: *');
  if (!(answer.headers.get('content-type') ?? '').startsWith('application/json'))
    faults.push('ii-alternative-origins is not application/json');
  if (!listed(answer.body).includes(site))
    faults.push(`ii-alternative-origins does not list ${site}: people would get other principals, or no login`);
  return faults;
}

function listed(body: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(body);
    const list = typeof parsed === 'object' && parsed !== null && 'alternativeOrigins' in parsed ? parsed.alternativeOrigins : undefined;
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
