import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  name: string;
  content: Uint8Array | string;
  deflate?: boolean;
  /** Unix mode; an ordinary file by default. */
  mode?: number;
  /** What the archive states, where it is not the truth. */
  states?: { crc?: number; bytes?: number; packedBytes?: number; flags?: number; method?: number };
}

/** A zip file (APPNOTE 6.3.3, without ZIP64), made by the letter so that a test can state what is not so. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, deflate = false, mode = 0o100644, states = {} } of entries) {
    const plain = Buffer.from(content);
    const packed = deflate ? deflateRawSync(plain) : plain;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt16LE(states.flags ?? 0x0800, 2); // names are UTF-8
    common.writeUInt16LE(states.method ?? (deflate ? 8 : 0), 4);
    common.writeUInt32LE(0x21_50_00_00, 6); // 1980 and later: any date
    common.writeUInt32LE(states.crc ?? crc32(plain), 10);
    common.writeUInt32LE(states.packedBytes ?? packed.length, 14);
    common.writeUInt32LE(states.bytes ?? plain.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const head = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, Buffer.from(name)]);
    local.push(head, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6); // external attributes
    tail.writeUInt32LE(offset, 10);
    const madeBy = Buffer.from([20, 3]); // on Unix
    central.push(Buffer.from("PK\u0001\u0002", "latin1"), madeBy, common, tail, Buffer.from(name));
    offset += head.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
