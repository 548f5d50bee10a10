import { parseArgs } from 'node:util';
import { killRound } from '../engine/sync/kill-rounds.ts';

/** Kills syncs at seeded places while the vendor's data moves, and says of each round that went wrong what it came to. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const [rounds, first] = [Number(values.rounds), Number(values.seed)];
let good = 0;
let kills = 0;
for (let seed = first; seed < first + rounds; seed++) {
  const round = await killRound(seed);
  kills += round.kills;
  if (round.inactive.length === 0 && round.absent.length === 0) good++;
  else console.log(`seed ${seed}:`, JSON.stringify(round));
  if ((seed - first + 1) % 20 === 0) console.log(`${good} of ${seed - first + 1} rounds are right, ${kills} kills`);
}
console.log(`${good} of ${rounds} rounds are right, ${kills} kills.`);
process.exitCode = good === rounds ? 0 : 1;
