import { crc32 } from "node:zlib";
import { ByteReader } from "./byteReader.js";
import { quoted } from "./pickleValues.js";

interface Entry {
  /** Of its local header. */
  at: number;
  length: number;
  crc32: number;
}

const END = 0x06054b50;
const END_LENGTH = 22;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const ENCRYPTED = 1;
/** A field that says so stands elsewhere, in ZIP64's records; PyTorch writes them for files beyond 4 GB only. */
const ELSEWHERE = 0xffffffff;

/** A zip archive in memory whose entries are stored, not compressed, as PyTorch's are: each is a view of the archive's bytes. */
export class StoredZip {
  private readonly entries = new Map<string, Entry>();

  /** @throws Error for bytes that are not such an archive */
  constructor(private readonly bytes: Uint8Array) {
    const end = this.reader(endRecord(bytes) + 10);
    const count = end.uint16();
    end.uint32();
    const central = this.reader(end.uint32());
    for (let i = 0; i < count; i++) this.readEntry(central);
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  /** An entry's bytes, checked against its checksum. Undefined where there is none of the name. */
  read(name: string): Uint8Array | undefined {
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    const local = this.reader(entry.at);
    if (local.uint32() !== LOCAL) throw new Error(`the archive is damaged: no entry ${quoted(name)} at its place`);
    local.piece(22);
    const lengths = local.uint16() + local.uint16();
    local.piece(lengths);
    const content = local.piece(entry.length);
    // PyTorch may be told not to compute it, and then writes 0.
    if (entry.crc32 !== 0 && crc32(content) !== entry.crc32)
      throw new Error(`the archive is damaged: entry ${quoted(name)} has another checksum than the archive states`);
    return content;
  }

  private readEntry(central: ByteReader): void {
    if (central.uint32() !== CENTRAL) throw new Error("the archive is damaged: its list of entries is broken off");
    central.piece(4);
    const flags = central.uint16();
    const method = central.uint16();
    central.piece(4);
    const checksum = central.uint32();
    const stored = central.uint32();
    const length = central.uint32();
    const [nameLength, extraLength, commentLength] = [central.uint16(), central.uint16(), central.uint16()];
    central.piece(8);
    const at = central.uint32();
    const name = new TextDecoder().decode(central.piece(nameLength));
    central.piece(extraLength + commentLength);
    if (flags & ENCRYPTED || method !== 0 || stored !== length)
      throw new Error(`the archive's entry ${quoted(name)} is compressed or encrypted, which PyTorch's are not`);
    if (length === ELSEWHERE || at === ELSEWHERE) throw new Error("archives beyond 4 GB (ZIP64) are not read");
    if (this.entries.has(name)) throw new Error(`the archive has two entries ${quoted(name)}`);
    this.entries.set(name, { at, length, crc32: checksum });
  }

  private reader(at: number): ByteReader {
    if (at > this.bytes.length) throw new Error("the archive is damaged: it refers to a place beyond its end");
    return new ByteReader(this.bytes, "the archive", at);
  }
}

/** Where the archive's last record begins; only a comment may follow it. */
function endRecord(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = bytes.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  }
  throw new Error("the archive is cut short: its list of entries is missing");
}
