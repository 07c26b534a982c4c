package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.UnreadableException;
import java.io.IOException;

/** Decodes the files of one format; used by many threads at a time. */
interface FormatDecoder {

  /**
   * Decodes the first picture of a file, whole or not at all.
   *
   * @param memory to be asked for room before the pixels are read
   * @throws UnreadableException with a reason that is told as it is
   * @throws IOException if the file is damaged in another way; decoders throw all kinds of runtime
   *     exceptions too
   */
  Picture decode(byte[] file, PixelMemory.Share memory) throws IOException;
}
