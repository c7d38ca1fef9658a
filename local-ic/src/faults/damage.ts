/** A copy with one bit flipped in each of `count` places (fewer in a shorter body); `random` gives numbers from 0 to below 1 by index. */
export function corrupt(body: Uint8Array, count: number, random: (index: number) => number): Uint8Array {
  const damaged = body.slice();
  const places = new Set<number>();
  for (let i = 0; places.size < Math.min(count, body.length) && i < count * 8; i += 1) {
    const place = Math.floor(random(2 * i) * body.length);
    if (places.has(place)) continue;
    places.add(place);
    damaged[place] = (damaged[place] ?? 0) ^ (1 << Math.floor(random(2 * i + 1) * 8));
  }
  return damaged;
}
