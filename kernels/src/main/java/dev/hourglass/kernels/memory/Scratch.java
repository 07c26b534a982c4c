package dev.hourglass.kernels.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of one worker for the length of one work item: handed out by moving a mark, taken back all
 * at once. It grows to what the largest item asked for and stays, so a warm kernel allocates
 * nothing. Its contents are whatever the last item left.
 */
public final class Scratch {

  private static final long LINE = 64;

  /** The last one is in use; the others are full, and live until the item ends. */
  private final List<MemorySegment> blocks = new ArrayList<>();

  private long next;
  private long end;
  private long wanted;

  /** Room for {@code size} bytes, aligned to a cache line. */
  public long bytes(long size) {
    // One line more than asked, else buffers of a power of two in size share their cache sets.
    long rounded = (size + LINE - 1) / LINE * LINE + LINE;
    wanted += rounded;
    if (next + rounded > end) {
      grow();
    }
    long address = next;
    next += rounded;
    return address;
  }

  /** Room for {@code count} floats, aligned to a cache line. */
  public long floats(long count) {
    return bytes(count * Float.BYTES);
  }

  /** Takes everything back. */
  public void reset() {
    if (blocks.size() > 1) {
      blocks.subList(0, blocks.size() - 1).clear();
    }
    next = blocks.isEmpty() ? 0 : blocks.getFirst().address();
    wanted = 0;
  }

  /** Adds a block that holds all that this item has asked for, so the next item needs one block. */
  private void grow() {
    MemorySegment block = Arena.ofAuto().allocate(Math.max(2 * wanted, 1 << 20), LINE);
    blocks.add(block);
    next = block.address();
    end = next + block.byteSize();
  }
}
