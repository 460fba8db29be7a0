import type { Flag } from "../flag.js";
import { challengeTotal } from "./challengeTotal.js";
import { countedMatrix } from "./countedMatrix.js";
import { difference } from "./difference.js";
import { fraction } from "./fraction.js";
import { harmonicF1 } from "./harmonicF1.js";
import { impliedCounts } from "./impliedCounts.js";
import { meanOfSets } from "./meanOfSets.js";
import { meanScore } from "./meanScore.js";
import { pooledDevices } from "./pooledDevices.js";
import type { Print } from "./print.js";
import { repeated } from "./repeated.js";
import { rowShares } from "./rowShares.js";
import { scoreOfMatrix } from "./scoreOfMatrix.js";
import { storedSize } from "./storedSize.js";

/**
 * The printed numbers of an entry that contradict other print, by arithmetic at printed precision. Data set tables are held against
 * counts instead, in `src/suite/counting/`: of them it finds none.
 */
export function flagsOf(id: string, print: Print): Flag[] {
  const cells = print.cells.get(id) ?? [];
  return [
    ...meanScore(cells),
    ...harmonicF1(cells),
    ...difference(cells, print),
    ...challengeTotal(cells),
    ...meanOfSets(cells),
    ...repeated(cells, print),
    ...storedSize(cells),
    ...countedMatrix(cells),
    ...rowShares(cells),
    ...scoreOfMatrix(cells, print),
    ...pooledDevices(cells),
    ...impliedCounts(cells, print),
    ...fraction(cells),
  ];
}
