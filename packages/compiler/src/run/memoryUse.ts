import { memoryPool } from "./MemoryPool.ts";

/** The memory that compiled programs run in. */
export interface MemoryUse {
  /** All of it. */
  readonly bytes: number;
  /** What belongs to calls that have not ended. */
  readonly bytesInUse: number;
}

/** The memory that compiled programs of this copy of the library run in, at present. */
export function memoryUse(): MemoryUse {
  const { bytes, bytesInUse } = memoryPool();
  return { bytes, bytesInUse };
}
