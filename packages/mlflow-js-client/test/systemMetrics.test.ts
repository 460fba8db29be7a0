import { describe, expect, it } from "vitest";
import {
  averaged,
  gpuSample,
  networkBytes,
  type SystemSample,
  SystemSampler,
  systemMetricsOptions,
  watchSystem,
} from "../src/run/systemMetrics.js";
import { mlflowProgram, python } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

/** The names that MLflow's Python client logs without a GPU, and what psutil says at the same time. */
const psutil = `
import json, psutil
from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor
from mlflow.system_metrics.metrics.cpu_monitor import CPUMonitor
from mlflow.system_metrics.metrics.disk_monitor import DiskMonitor
from mlflow.system_metrics.metrics.network_monitor import NetworkMonitor
values = {}
for monitor in (CPUMonitor(), DiskMonitor(), NetworkMonitor()):
  monitor.collect_metrics()
  values.update(monitor.aggregate_metrics())
net = psutil.net_io_counters()
print(json.dumps({"values": values, "net": [net.bytes_recv, net.bytes_sent]}))
`;

describe("system metrics", () => {
  it.skipIf(!program || process.platform !== "linux")(`have the names and units of the Python client${reason}`, () => {
    const sampler = new SystemSampler();
    const { values, net } = python(psutil) as { values: Record<string, number>; net: [number, number] };
    const sample = sampler.sample();
    for (const name of Object.keys(values)) expect(sample, name).toHaveProperty(name);
    // The machine moves between the two looks: a few percent of its memory and disk.
    const total = (values.system_memory_usage_megabytes! / values.system_memory_usage_percentage!) * 100;
    expect(Math.abs(sample.system_memory_usage_megabytes! - values.system_memory_usage_megabytes!)).toBeLessThan(
      total / 10,
    );
    expect(Math.abs(sample.disk_usage_percentage! - values.disk_usage_percentage!)).toBeLessThan(2);
    expect(sample.disk_available_megabytes! / values.disk_available_megabytes!).toBeCloseTo(1, 1);
    const bytes = networkBytes()!;
    expect(bytes.received).toBeGreaterThanOrEqual(net[0]);
    expect(bytes.received / net[0]).toBeLessThan(1.5);
    expect(sample.cpu_utilization_percentage).toBeGreaterThanOrEqual(0);
    expect(sample.cpu_utilization_percentage).toBeLessThanOrEqual(100);
  });

  it("network bytes are summed over the interfaces", () => {
    const text = [
      "Inter-|   Receive                                                |  Transmit",
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
      "    lo:    1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0",
      "  eth0:12345678     100    0    0    0     0          0         0   654321      90    0    0    0     0       0          0",
    ].join("\n");
    expect(networkBytes(text)).toEqual({ received: 12_346_678, sent: 655_321 });
  });

  it("reads what nvidia-smi prints; what a card does not tell is left out", () => {
    // nvidia-smi --query-gpu=memory.used,memory.total,utilization.gpu,power.draw,enforced.power.limit --format=csv,noheader,nounits
    const sample = gpuSample("1024, 81559, 37, 350.00, 700.00\n0, 15360, [N/A], [N/A], [N/A]\n");
    expect(sample).toEqual({
      gpu_0_memory_usage_percentage: (1024 / 81_559) * 100,
      gpu_0_memory_usage_megabytes: 1073.741824,
      gpu_0_utilization_percentage: 37,
      gpu_0_power_usage_watts: 350,
      gpu_0_power_usage_percentage: 50,
      gpu_1_memory_usage_percentage: 0,
      gpu_1_memory_usage_megabytes: 0,
    });
  });

  it("several samples give their mean, rounded to a tenth; counts of the network their last", () => {
    const samples: SystemSample[] = [
      { cpu_utilization_percentage: 10, network_receive_megabytes: 1.25 },
      { cpu_utilization_percentage: 20.15, network_receive_megabytes: 2.5, gpu_0_power_usage_watts: 7 },
    ];
    expect(averaged(samples)).toEqual({
      cpu_utilization_percentage: 15.1,
      network_receive_megabytes: 2.5,
      gpu_0_power_usage_watts: 7,
    });
  });

  it("are logged with growing steps under the node's name, at the interval that the environment says", async () => {
    const options = systemMetricsOptions({
      MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL: "0.02",
      MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING: "2",
      MLFLOW_SYSTEM_METRICS_NODE_ID: "node_1",
    });
    expect(options).toEqual({ intervalSeconds: 0.02, samplesBeforeLogging: 2, nodeId: "node_1" });
    const logged: [number, string[]][] = [];
    await new Promise<void>((resolve) => {
      const stop = watchSystem(
        (values, step) => {
          logged.push([step, Object.keys(values)]);
          if (logged.length < 3) return;
          stop();
          resolve();
        },
        { ...options, firstStep: 4 },
      );
    });
    expect(logged.map(([step]) => step)).toEqual([4, 5, 6]);
    expect(logged[0]![1]).toContain("system/node_1/cpu_utilization_percentage");
  });

  it("go on when a point cannot be logged, and tell it once", async () => {
    const told: string[] = [];
    let calls = 0;
    await new Promise<void>((resolve) => {
      const stop = watchSystem(
        () => {
          if (++calls > 2) {
            stop();
            resolve();
          }
          throw new Error("the disk is full");
        },
        { intervalSeconds: 0.02 },
        (error) => told.push(error.message),
      );
    });
    expect(told).toEqual(["the disk is full"]);
  });
});
