import { describe, expect, test } from "vitest";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { Adam } from "../../../src/training/optimizers/adam.js";
import { AdamW } from "../../../src/training/optimizers/adamW.js";
import type { Optimizer } from "../../../src/training/optimizers/optimizer.js";
import { Sgd } from "../../../src/training/optimizers/sgd.js";

/*
 * torch 2.15.0, all values of both parameters after the steps 1, 2, 7 and 20:
 * for name, make in {
 *     "sgd": lambda p: torch.optim.SGD(p, lr=0.1), ... as in `ours` below ...
 *     "adamw decay": lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.8, 0.99), weight_decay=0.5)}.items():
 *     ps = [torch.nn.Parameter(torch.tensor([[1.0, -2.0], [0.5, 3.0]])), torch.nn.Parameter(torch.tensor([-1.5]))]
 *     opt = make(ps)
 *     for t in range(20):
 *         for g in opt.param_groups: g["lr"] = 0.1 / (1 + t // 7)
 *         i = 0
 *         for p in ps:
 *             flat = []
 *             for x in p.detach().double().flatten().tolist():
 *                 flat.append((1 + 0.5 * i) * (x - math.cos(t + i))); i += 1
 *             p.grad = torch.tensor(flat, dtype=torch.float64).float().reshape(p.shape)
 *         opt.step()
 *         if t in (0, 1, 6, 19): print([x for p in ps for x in p.detach().flatten().tolist()])
 */
// biome-ignore format: four moments each
const torch: Record<string, number[][]> = {
  "sgd": [[1.0, -1.6189546585083008, 0.31677064299583435, 2.002501964569092, -1.2460930347442627], [0.9540302157402039, -1.4385334253311157, 0.05541800335049629, 1.3384655714035034, -0.78716641664505], [0.5324729681015015, -0.509766161441803, 0.2080860435962677, 0.29228389263153076, -0.4500087797641754], [0.33024877309799194, -0.1792391985654831, 0.07134022563695908, 0.000430851912824437, -0.1868470311164856]],
  "sgd decay": [[0.9950000047683716, -1.608954668045044, 0.31427064538002014, 1.987501859664917, -1.2385931015014648], [0.9445552229881287, -1.4219887256622314, 0.05184667184948921, 1.3172779083251953, -0.7757235169410706], [0.5137988924980164, -0.4823015034198761, 0.20489104092121124, 0.27314287424087524, -0.44542962312698364], [0.3114319443702698, -0.1608324646949768, 0.06899482756853104, -0.0060835909098386765, -0.18423472344875336]],
  "momentum": [[1.0, -1.6189546585083008, 0.31677064299583435, 2.002501964569092, -1.2460930347442627], [0.9540302157402039, -1.095592737197876, -0.10948840528726578, 0.4407171905040741, -0.5586502552032471], [-0.5027167201042175, 1.2501881122589111, 0.07897980511188507, -1.0575482845306396, 0.3577748239040375], [0.011128797195851803, -0.48143625259399414, 0.019920390099287033, -0.03316553309559822, 0.33504605293273926]],
  "momentum decay": [[0.9950000047683716, -1.608954668045044, 0.31427064538002014, 1.987501859664917, -1.2385931015014648], [0.940055251121521, -1.0700478553771973, -0.11530975997447968, 0.4060296416282654, -0.5404573082923889], [-0.5474215745925903, 1.278725266456604, 0.1012389063835144, -1.0016523599624634, 0.30961427092552185], [0.0555439293384552, -0.5029598474502563, 0.003718907479196787, -0.08589813113212585, 0.3492518365383148]],
  "nesterov": [[1.0, -1.2760138511657715, 0.1518642157316208, 1.1047534942626953, -1.0175769329071045], [0.9126574397087097, -0.7223049998283386, -0.43045711517333984, -0.5384586453437805, -0.07020600885152817], [-0.40025925636291504, 1.063746690750122, 0.46714866161346436, -0.3897348642349243, -0.865654706954956], [0.050916459411382675, -0.157525897026062, 0.036583345383405685, -0.023722495883703232, -0.12620070576667786]],
  "nesterov decay": [[0.9904999732971191, -1.2570139169692993, 0.14711421728134155, 1.0762536525726318, -1.0033268928527832], [0.8915026783943176, -0.6886784434318542, -0.4368246793746948, -0.5757954120635986, -0.04847191274166107], [-0.42213761806488037, 1.065491795539856, 0.4782792031764984, -0.3629325330257416, -0.8906998634338379], [0.07305684685707092, -0.15800192952156067, 0.03683078661561012, -0.03148215264081955, -0.13289545476436615]],
  "adam": [[1.0, -1.899999976158142, 0.4000000059604645, 2.9000000953674316, -1.399999976158142], [0.9255863428115845, -1.8046022653579712, 0.3009968400001526, 2.8004679679870605, -1.3034247159957886], [0.5203771591186523, -1.347158432006836, 0.05185156688094139, 2.333786725997925, -0.8574302196502686], [0.2111646682024002, -0.8856136798858643, -0.03766221925616264, 1.8386969566345215, -0.467251718044281]],
  "adam decay": [[0.9000000357627869, -1.899999976158142, 0.4000000059604645, 2.9000000953674316, -1.399999976158142], [0.8179353475570679, -1.8043930530548096, 0.3009531497955322, 2.8004610538482666, -1.3032628297805786], [0.41481924057006836, -1.3447414636611938, 0.05008473992347717, 2.3330109119415283, -0.8561490178108215], [0.13466139137744904, -0.8810588121414185, -0.03956906124949455, 1.8371471166610718, -0.4643602967262268]],
  "adam betas epsilon": [[1.0, -1.9025572538375854, 0.40517517924308777, 2.9009926319122314, -1.4037891626358032], [0.9400317072868347, -1.8114356994628906, 0.30916446447372437, 2.802809715270996, -1.307918906211853], [0.5537251234054565, -1.3728078603744507, 0.11125215888023376, 2.3546411991119385, -0.8803819417953491], [0.28793811798095703, -0.9457228183746338, 0.03464415296912193, 1.883349895477295, -0.5301434993743896]],
  "adamw": [[0.9990000128746033, -1.8980000019073486, 0.3995000123977661, 2.8970000743865967, -1.3984999656677246], [0.9235873818397522, -1.8007222414016724, 0.3000948429107666, 2.7945756912231445, -1.3005168437957764], [0.5148652195930481, -1.3355218172073364, 0.05054314434528351, 2.3152294158935547, -0.849308967590332], [0.2056092768907547, -0.8693713545799255, -0.03819611668586731, 1.80995774269104, -0.4573771059513092]],
  "adamw decay": [[0.949999988079071, -1.7999999523162842, 0.375, 2.75, -1.3249999284744263], [0.8241292238235474, -1.6170927286148071, 0.2560814917087555, 2.5136520862579346, -1.1600933074951172], [0.2774583399295807, -0.8600078225135803, 0.04390648752450943, 1.5578162670135498, -0.5300408005714417], [0.060200296342372894, -0.35544124245643616, 0.0010924693197011948, 0.8431117534637451, -0.18599238991737366]],
};

type Make = (parameters: TensorFlow.Variable[]) => Optimizer;

const ours: Record<string, Make> = {
  sgd: (p) => new Sgd(p),
  "sgd decay": (p) => new Sgd(p, { weightDecay: 0.05 }),
  momentum: (p) => new Sgd(p, { momentum: 0.9 }),
  "momentum decay": (p) => new Sgd(p, { momentum: 0.9, weightDecay: 0.05 }),
  nesterov: (p) => new Sgd(p, { momentum: 0.9, nesterov: true }),
  "nesterov decay": (p) => new Sgd(p, { momentum: 0.9, nesterov: true, weightDecay: 0.05 }),
  adam: (p) => new Adam(p),
  "adam decay": (p) => new Adam(p, { weightDecay: 0.05 }),
  "adam betas epsilon": (p) => new Adam(p, { beta1: 0.8, beta2: 0.99, epsilon: 0.1 }),
  adamw: (p) => new AdamW(p),
  "adamw decay": (p) => new AdamW(p, { beta1: 0.8, beta2: 0.99, weightDecay: 0.5 }),
};

/** Gradients in double precision, rounded once, so that only the optimiser's own arithmetic can differ. */
function gradientsAt(parameters: TensorFlow.Variable[], t: number): TensorFlow.Tensor[] {
  let i = 0;
  const at = (x: number) => (1 + 0.5 * i) * (x - Math.cos(t + i++));
  return parameters.map((parameter) => tf.tensor(Array.from(parameter.dataSync()).map(at), parameter.shape));
}

function trajectory(make: Make, onStep: (t: number, optimizer: Optimizer) => void = () => {}): number[][] {
  const variable = (values: number[], shape: number[]) => tf.tidy(() => tf.variable(tf.tensor(values, shape)));
  const parameters = [variable([1, -2, 0.5, 3], [2, 2]), variable([-1.5], [1])];
  const optimizer = make(parameters);
  const kept: number[][] = [];
  for (let t = 0; t < 20; t++) {
    tf.tidy(() => optimizer.apply(gradientsAt(parameters, t), 0.1 / (1 + Math.floor(t / 7))));
    onStep(t, optimizer);
    if ([0, 1, 6, 19].includes(t)) kept.push(parameters.flatMap((parameter) => [...parameter.dataSync()]));
  }
  optimizer.dispose();
  tf.dispose(parameters);
  return kept;
}

describe("twenty steps equal PyTorch's", () => {
  // An update is a handful of float32 operations on numbers below 4, each within half a unit in the last place (2^-23): at most 5 * 2^-23
  // a step. The steps pull values together (a step's derivative is at most 1), except through momentum, which carries an error on
  // for 1 / (1 - 0.9) steps: 20 * 5 * 2^-23 = 1.2e-5, and ten times that with momentum.
  test.each(Object.keys(torch))("%s", (name) => {
    const found = trajectory(ours[name]!);
    const tolerance = 20 * 5 * 2 ** -23 * (/momentum|nesterov/.test(name) ? 10 : 1);
    torch[name]!.forEach((wanted, moment) => {
      for (const [i, value] of wanted.entries())
        expect(Math.abs(found[moment]![i]! - value), `value ${i} at moment ${moment}`).toBeLessThan(tolerance);
    });
  });

  test("all the trajectories differ by more than the tolerance, so every option counts", () => {
    const ends = Object.values(torch).map((moments) => moments.at(-1)!);
    for (const [i, a] of ends.entries()) {
      for (const b of ends.slice(i + 1)) {
        expect(Math.max(...a.map((value, k) => Math.abs(value - b[k]!)))).toBeGreaterThan(1e-3);
      }
    }
  });

  test("no tensor is left behind by a step", () => {
    for (const make of Object.values(ours)) {
      const before = tf.memory().numTensors;
      const counts = new Set<number>();
      trajectory(make, () => counts.add(tf.memory().numTensors));
      expect(counts.size).toBe(1);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
