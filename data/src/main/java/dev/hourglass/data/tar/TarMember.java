package dev.hourglass.data.tar;

import java.io.IOException;
import java.util.List;

/**
 * One entry of a tar file that has content, or leads to one that has.
 *
 * @param name as it stands in the file, without {@code ./} in front
 * @param size of the content in bytes
 * @param pieces where the content lies; what no piece covers is zero
 * @param link the name of the entry whose content this one shares; null for content of its own
 */
public record TarMember(String name, int size, List<Piece> pieces, String link) {

  /**
   * A run of content.
   *
   * @param position in the tar file
   * @param offset in the content
   */
  public record Piece(long position, int offset, int length) {}

  /** With the content of another. */
  public TarMember sharing(TarMember other) {
    return new TarMember(name, other.size, other.pieces, null);
  }

  /** The content. */
  public byte[] read(TarBytes bytes) throws IOException {
    try (TarBytes.Reader reader = bytes.open()) {
      return read(reader);
    }
  }

  /** The content, by way of an open reader. */
  public byte[] read(TarBytes.Reader reader) throws IOException {
    byte[] content = new byte[size];
    for (Piece piece : pieces) {
      reader.readFully(content, piece.offset, piece.length, piece.position);
    }
    return content;
  }
}
