package dev.hourglass.torchfile;

import dev.hourglass.safetensors.DType;

/**
 * The memory behind one or more tensors: an entry of the archive.
 *
 * @param key its name there, below {@code data/}
 * @param bytes its size
 */
record Storage(String key, DType dtype, long bytes) {

  static Storage of(String key, DType dtype, long elements) {
    if (elements < 0) {
      throw new IllegalArgumentException("a storage of %d elements".formatted(elements));
    }
    return new Storage(key, dtype, Math.multiplyExact(elements, (long) dtype.bits() / Byte.SIZE));
  }
}
