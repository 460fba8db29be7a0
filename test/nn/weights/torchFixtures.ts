/*
 * torch 2.15.0:
 *
 * import torch, io, gzip, base64, collections
 * x = torch.tensor([[1.5, -2.0, 0.1], [3.25, 0.0, -1e-30]])
 * half = torch.tensor([0.1, 65504.0, 2**-24, float("-inf")], dtype=torch.float16)
 * state = collections.OrderedDict(
 *     whole=x, transposed=x.t(), column=x[:, 1], repeated=x[:1].expand(2, 3), scalar=x[0, 2], empty=x[:0],
 *     half=half, brain=half.bfloat16(), double=torch.tensor([0.1, 1e300], dtype=torch.float64),
 *     parameter=torch.nn.Parameter(torch.tensor([7.0])), num_batches_tracked=torch.tensor(5))
 * wanted = {k: (list(v.shape), v.detach().float().contiguous().numpy().tobytes().hex())
 *           for k, v in state.items() if v.is_floating_point()}
 * nested = {"epoch": 3, "lr": 0.1, "done": True, "size": torch.Size([2]), "kind": torch.float32, "notes": [None, ("a", 2**70)],
 *           "state_dict": collections.OrderedDict(("module." + k, v) for k, v in state.items())}
 * for options in {}, dict(pickle_protocol=4), dict(_use_new_zipfile_serialization=False):
 *     f = io.BytesIO(); torch.save(nested, f, **options)
 *     print(base64.b64encode(gzip.compress(f.getvalue(), mtime=0)).decode())
 */
import { gunzipSync } from "node:zlib";

/** Files of `torch.save` by their form, gzipped. */
const packed = {
  zip: "H4sIAAAAAAACA6VXz3MTVRx/Sdo0Df2JQEtVxN8pQppN0qSFlpalhuoitIvgWsF0s/varN1k8928FMHR6QyTUpnx7Mg4HuDif+BwYxxvwgHl4MGDMzqOnrw6ozP43m662V1sC+Vlspu3eZ8f79cnLzNCqAWhSAQ9VHrQTiSbSlFbxkOqTOR4ZUnP8V1ozlNWgh8DikmtFIArhlKEgBCSgrSmmxA8MXHrC1auS1QDqUYZQ2jN+lzVLmNoUYhBBaJnaCUKrUKwDuE6tIkQsdosaWUV2httFnRDJqlkFKKWVtkguAo7LkBH7JQUoA9k6LzWvm59chW6sBRlOkQmOK9qCoFuRTF0HStEM8rV6GlTxSZWp+g3UegZFKE3JnVQQMlQazqOXywaOoadtng8XyOaXo3mTVyoabqaJ7hcNcz8MrXzVCwmtVlChikvYtjV8Jtjfs/YD6Ow2/KYgD1SiN6VSg36hDCB/lkBCUEhtAp7hZAQWIWBT4vMy9MEnhHhWam3aYiYcrlaMapYhX1FKlrcVdxd3FO0aJ5jNCEhuAr7hQBje96meYHAiyK8JHU2aegQ1EpleNlP8cosRdLxf1UI1SFmwwcJHBDhNam7CTdxBdMBVeGgn+CQ05U4/UC7MmSTJAhwIiTdHqqKrMsmpPwU6VkhODhow4YJZETIuqcElyrkEoz4UaNMGDHhw/YYHrEZxgiMi3BU2tFkKMr6AkzYBI1pmqaPnFmatGaJg2OUuYUAz5hb6nBcCNRhymZ9nUBOhBNuXwVT1sow7aHlrennMg71GxZ1Et60qYUG9UlG/ZZNfYrAaRFm3COlGrUCXYazHu4p66HDLFrMKThDmYME3rbmoQ5nGfM5m/kdApII70o9TeaKbMolTLAJcxuscadFFN5bH3NLKg3nqVSAwAUmRVXeZ5e8LTVPQBahsGZVlKugioClgaZuuVbKF2SiFHE1T5e0skTX0oKneyeN8qLTuUVLcRiKtqJGFddXyAcElkTQa7X4jNAWuckdnr5CQ4O9ZzaMtD404kRafMEwSzLJL2OzShMhx6d9yfZohWPq3/z18xVmlL03Vh9A2aZ6Iy/ysq4tlku4THJ8ajsGMmlmYOIi/MlCN7ipgV404RgoXCLYYBmY449sq+ONomuE6Jh5qI//ujdMVcKbeuhCRz2/KkOJHH/4CQwgdHuC0t6+e+fOONWdZBrz/I3PmKP9348r/bTev4Wjg15HXI6PPbKjhfiDj+i0/8v07n9+9hoTiGyhN+bVS+b4kW2PwN3xlRMrqZUHTP/r4zfVbeinnkT/uvUDf2viyxpaG/st+wnz8d2x2I0e6wSxuY+010c6xyfQ48//L5NMc770ezs7NLRsoTnp1RzO8WNPsvznWhvMzEPnvW8PbT3+3eiI48EJn+x2TaSiTPneV4tnt97/+1CyGUBW96vY1GgCXZbZoSivqTk+/phGuGRmZDiTTY1mRjNp+kpmOC5Br8kklx1JZ0e5US6RpI2Yy/N/Lx6IUR8xy2WAmXV8ugO85yHn/nOoH+0O4D4P8scWtFHk+0ncITrgIZltRZskt5/HHYS9Hp4fXDxOAPvh7tTq8sDPhZEvO/1YdwJ5sX/4sZwf604PL5YdcL2J5ce6d7wX+5Mfm/Jj3TvXi52P+LBpP9a947zY+37ssB/r3jPd3v62I/8O9YPdS3mfd45d4P/fZDNCOHxwfUuGDjnIDt/9n6B9/zC6HjFh9k8DVTvtun3aaA3bmA6rvd32P4jXZvzVDQAA",
  "zip of protocol 4":
    "H4sIAAAAAAACA6VWS2zcRBge7zNp3hGiaYpCj46Ubtf77NKEBFO5SEY0tOqlEto660lsxWsv9myqtgJFQgmhMgeU4VUhhAoHrogD9BYhbm0PlThyQAIhcUAcOYBUZna9u+PZTZYkE60ce+d7zD/zf+tlNRoDYGAAdI1xMAk0t2KYG/CcriEtVVu3FHkUXA+NzdiHe9Em4C0s+nFYcyoGVqN+xHLxpcUHn9Jxz4/pjg3xjh/zzNsQ+3HkEGbsx67S212sRrbwFr5CHqybtt75PrlqORrKZsgUP247CHr4DSy+5gsavjvYMrq0jaF/wkMagmXdrCDsD1Ucy4IVZDq2R+4uuzp0oX6RfreLZ68Qn8NVR69bMHXTcCziZ7ihlyrXkWkRxGTZhSt109LLCNqe45Y3qANR9JMemaitQWzE/WGFersaPCAGhTT2o5VaHasJhF9XgRpRo9ukFKqwjd8zniW6iC5xIpBGrmZ7NceDOjZOi6LxnDFjPG+caYGjaoSABUrBgEcCMFlgvWr3AAq0lGp0iwWNBSAX1iApUm+9plnAmW3peRXN0twewMjsLDO9VVZYraFbPWVAz5oMBThDs1ZbsLg/9Aq5ZQssYUIUaxLFyDKF0DJb4iuuZtodljG5sVFSgWXKHMjUWrXu1FfI8WhTjVxsPGCJspQoEpSwi2g8IKpprlaFCJIKnmJOV+fxbrtYvpCjlEKTUuApdxr/vUvJpwNyu14tr2ioYkCvTA5VZb2zw6SGrzr2Gms432Fnt65eTy2ryYHL3/z91UPSz/SzvG80nATpdjSkVh23qqHyBnQ90m+KPMclxMFDoqrf/fXzOwLhpZ/9VadBsaMaNGJZs8w1uwptpMjZQwkHo5CjBhZvvvlHhEhEDjQwARbbBlZuIejQXFHkC0fRbQ3LRMiC1MPWwq+nEkQlcaCHUfBiKJXPpRX5hWMYAGBvkdDuPX70aIHoLlGNG/L996mjMw8XKlPkfqqPo7mwI0mRxf/taDX19A7Z9n+p3k8fX7tLBQb66M2H9TKKfP7IFXi8sHlpM7v5lOp//fKX+hH0s8fRv9f4gXyw+Fkd7Mz/Vnyb+vjxJfH+eOMX+GAfubCPnCKnweH3/5clqnmj+vsgEQKxPppLYc28Is8f5/hfjwfM1MPIkx/O9q//GLjQ9tAOneJRTWRPUOUnn69d69//MyDTCaDG8j3omiSBbmv0VaNs6oqcOqQRKVM4ny8Us6VCqZAjf5mCJKUzhZxUypVKUr4k5dL5QrbYiEn0550NkfgQGy4Farbtkw3u8S7n/Hscj2YD+GQIeToG9ot6noQN0ekQyQcsSVdy8zxsEE6EeCbjoDuAeTibWqMh+EdxwGUnj2UTKIwVExxW4rFseoSxn/DYDI9lOz6MnUpy2CyPZTs3jP2Cx+Z4LNtxYewzAxw2z2PZnhkLr5fB7nNW2KM8E97jQdCnyZbVRGKu1ZLRs23kMHf9J9K8fj/YiphEkl6/DSY03zbiiSZmuDG/Ofc/S+i5SRUNAAA=",
  "before 1.6":
    "H4sIAAAAAAACA32U23LbVBSGZclxqHqGcmg5lbPDwSQ+YmhICCEpqE0ThYM4BFWWdiI1suRf2i5TmDK+cRo6wwPQ6RVXvELveID2HbjghkdgpjNlbUm24xkTX8jS2kv/9++1lnZPvq36D++u/Hv+2h/rZ0s9+fI/Cl1vQioapyRJ6kQhD+3QN6+zKPbCADlKMI7Tiu9x7jOTBY5nBZD3DZWC/EaHmbH3I4uh3ES+aExRMHbDiGNKkw2FnryAo6DljbzQCIMdTGv5bnfAFPmsE9oucppiyCIngry6cO838buTvOWEAYOyn9wLFvI2DyPbVTfpQRWgPgp9TOt4LMnZ9QIHR7KcbT+0eKWsQk1YQcjJ69EtHCuuGTkKWDh++4iU/Rb3cIIlG4u5xZnpeDbHSZvq4TObUzli9UrksIg5y7Si4tSMjtNF4xi90A6drs9KP7ihz/B4Ci+ZXe75sWpGrNX1fMfkLIjDyLxOdp4oFo3pBBRG1g7DmczvivC7mQZVPGmcoJxmtdas16qztXpttlzFU0ld7U4XT2uFNY5nNjRJkzVlD2c1Rcvt4dwvrnD2LMdzOp43To/s8cgK4k4YMwcvuGTBPeNORLzoptLnhbSiyXt4ScsJwsup9Cscr+p4LRmMTJqK1G0HeP0w2Tcy2eIGqVHXZjSljzdTybc43tbxjnFyJBmxDqM2OCgdJvpuJjo7LMMc3VAZyqlwhaOqo3bQa2xbvhWhfphsI5N9b0OTZ2ZSqSbH+zo+ONhw1u7wG7hwmNJ8pvShMCgJgwtpnxZT1Y84lnR8bBwdqbqWv43lVDQbjIsUGs7FJ2OcRnmu0SxjhTh54qwKTr6Pi1quj09Txmccmo5LB523IssLcHkMspSM31x9CFobgeq1RrVWqVSruJKB1jPQhgDpKWiT43MdXxysthN2W/RRfDlGWk6CQ85XYxuqz1UrtTIM4sjE+TrpbB/fCM63Kec7ji0d3yeHVsbpWJHVZpxFMP/n+xtmqLg6sWMErjbrsAicI3BLgIlpi4uTghnHto6d/eTBvQVPxzXj3MhF0G2bLYvbLotN+tzsXZrf3bGtX6JTcLhxf7yTVGDqZDvjB8QfzF7I0dGB5OjcEkfnhEnLTaqiPGmHyqQByk/yMjVpAgqsVBgcmtKfC+Ly4P79eUlaXxSRq0u//ypnq3eSk/zewt2utH/h78bPueF7fy3ms7vt0qOfKP5wsDaV/Q/WH8z3VnuV3qP/ALAhWFO+BgAA",
};

export const torchFiles: Record<string, Uint8Array> = Object.fromEntries(
  Object.entries(packed).map(([form, base64]) => [form, gunzipSync(Buffer.from(base64, "base64"))]),
);

/** Shape and float32 values (little endian, hexadecimal) of each tensor in them. */
export const torchWanted: Record<string, [shape: number[], values: string]> = {
  whole: [[2, 3], "0000c03f000000c0cdcccc3d00005040000000006042a28d"],
  transposed: [[3, 2], "0000c03f00005040000000c000000000cdcccc3d6042a28d"],
  column: [[2], "000000c000000000"],
  repeated: [[2, 3], "0000c03f000000c0cdcccc3d0000c03f000000c0cdcccc3d"],
  scalar: [[], "cdcccc3d"],
  empty: [[0, 3], ""],
  half: [[4], "00c0cc3d00e07f4700008033000080ff"],
  brain: [[4], "0000cd3d0000804700008033000080ff"],
  double: [[2], "cdcccc3d0000807f"],
  parameter: [[1], "0000e040"],
};
