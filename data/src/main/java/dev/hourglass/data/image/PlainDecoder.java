package dev.hourglass.data.image;

import java.io.IOException;

/** A format that holds nothing but pixels, and whose reader gives all of them or fails. */
final class PlainDecoder implements FormatDecoder {

  private final ImageIoReader reader;

  PlainDecoder(ImageIoReader reader) {
    this.reader = reader;
  }

  @Override
  public Picture decode(byte[] file, PixelMemory.Share memory) throws IOException {
    return Picture.of(reader.readFirst(file, memory));
  }
}
