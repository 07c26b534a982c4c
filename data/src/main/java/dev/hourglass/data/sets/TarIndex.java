package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.ImageDecoder;
import dev.hourglass.data.tar.TarBytes;
import dev.hourglass.data.tar.TarMember;
import dev.hourglass.data.tar.TarSection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveStructSparse;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * Lists all entries of a tar file: also those after an end mark, as in files that were put together
 * with {@code cat}. Entries are only read, never written anywhere, so that names such as {@code
 * ../x} do no harm.
 */
final class TarIndex {

  private static final int BLOCK = 512;

  /** Links that lead on to links, as far as Linux follows them. */
  private static final int MOST_LINKS = 40;

  private final Path path;
  private final TarBytes.Reader reader;
  private final SetReport.Builder report;
  private final String shard;
  private final List<TarMember> members = new ArrayList<>();
  private boolean hasLinks;

  private TarIndex(Path path, TarBytes.Reader reader, String shard, SetReport.Builder report) {
    this.path = path;
    this.reader = reader;
    this.shard = shard;
    this.report = report;
  }

  /**
   * Reads the headers.
   *
   * @param shard what to call the file
   * @return the entries with content, in the file's order; links have that of their targets
   * @throws InputException if the file is cut short, damaged or no tar file
   */
  static List<TarMember> of(
      Path path, TarBytes.Reader reader, String shard, SetReport.Builder report)
      throws IOException {
    TarIndex index = new TarIndex(path, reader, shard, report);
    if (reader.size() == 0) {
      throw new InputException("%s is empty; fetch it again or remove it.".formatted(path));
    }
    long start = 0;
    while (start >= 0) {
      start = index.readSection(start);
    }
    return index.hasLinks ? index.resolved() : index.members;
  }

  /** Reads to the next end mark; where entries go on after it, -1 if they do not. */
  private long readSection(long start) throws IOException {
    TarSection section = new TarSection(reader, start);
    try (TarFile tar = new TarFile(section, BLOCK, BLOCK, "UTF-8", false)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        if (!entry.isCheckSumOK()) {
          throw damaged(
              "the header before byte %d has a wrong checksum"
                  .formatted(start + entry.getDataOffset()),
              null);
        }
        add(entry, start);
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(
          "%s, at byte %d"
              .formatted(Locations.reason(e).replaceFirst("\\.$", ""), section.lastRead()),
          e);
    }
    return afterZeros(section.lastRead());
  }

  private void add(TarArchiveEntry entry, long start) throws IOException {
    String name = entry.getName().replaceFirst("^(\\./)+", "");
    switch (entry.getLinkFlag()) {
      case TarConstants.LF_SYMLINK -> addLink(name, besides(name, entry.getLinkName()));
      case TarConstants.LF_LINK -> addLink(name, normal(entry.getLinkName()));
      case TarConstants.LF_OLDNORM,
          TarConstants.LF_NORMAL,
          TarConstants.LF_CONTIG,
          TarConstants.LF_GNUTYPE_SPARSE -> {
        if (!name.endsWith("/")) {
          addFile(entry, name, start);
        }
      }
      case TarConstants.LF_DIR -> {}
      default -> {
        if (ImageDecoder.reads(name)) {
          report.passOver("no regular file", shard + "#" + name);
        }
      }
    }
  }

  private void addLink(String name, String target) {
    hasLinks = true;
    members.add(new TarMember(name, 0, List.of(), target));
  }

  private void addFile(TarArchiveEntry entry, String name, long start) throws IOException {
    long position = start + entry.getDataOffset();
    long size = entry.isSparse() ? entry.getRealSize() : entry.getSize();
    if (size > Integer.MAX_VALUE - 8) {
      // Neither image nor label; other files may be as large as they like.
      Bystanders.passOver(name, report);
      return;
    }
    List<TarMember.Piece> pieces = new ArrayList<>();
    long stored = 0;
    if (entry.isSparse()) {
      for (TarArchiveStructSparse piece : entry.getOrderedSparseHeaders()) {
        int length = Math.toIntExact(piece.getNumbytes());
        if (length > 0) {
          pieces.add(
              new TarMember.Piece(position + stored, Math.toIntExact(piece.getOffset()), length));
          stored += length;
        }
      }
    } else {
      stored = size;
      pieces.add(new TarMember.Piece(position, 0, (int) size));
    }
    if (position + stored > reader.size()) {
      throw new EOFException("it ends within " + name);
    }
    members.add(new TarMember(name, (int) size, List.copyOf(pieces), null));
  }

  /** Where the next block that is not zero begins; -1 if there is none. */
  private long afterZeros(long from) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(128 * BLOCK);
    long position = from;
    while (true) {
      buffer.clear();
      while (buffer.hasRemaining() && reader.read(buffer, position + buffer.position()) > 0) {
        // Filled as far as the file goes.
      }
      for (int i = 0; i < buffer.position(); i++) {
        if (buffer.get(i) != 0) {
          long block = position + i - i % BLOCK;
          if (reader.size() - block < BLOCK) {
            throw damaged("it is cut short within the header at byte " + block, null);
          }
          return block;
        }
      }
      if (buffer.hasRemaining()) {
        return -1;
      }
      position += buffer.capacity();
    }
  }

  /** Links replaced by what they lead to. */
  private List<TarMember> resolved() {
    Map<String, TarMember> byName = new HashMap<>();
    members.forEach(member -> byName.put(normal(member.name()), member));
    List<TarMember> resolved = new ArrayList<>();
    for (TarMember member : members) {
      TarMember target = member;
      for (int i = 0; target != null && target.link() != null && i < MOST_LINKS; i++) {
        target = byName.get(target.link());
      }
      if (member.link() == null) {
        resolved.add(member);
      } else if (target != null && target.link() == null) {
        resolved.add(member.sharing(target));
      } else {
        report.passOver("link that leads nowhere", shard + "#" + member.name());
      }
    }
    return resolved;
  }

  private static String besides(String name, String link) {
    return normal(
        link.startsWith("/") ? link : name.substring(0, name.lastIndexOf('/') + 1) + link);
  }

  /** Without {@code .}, and {@code ..} as far as it goes. */
  private static String normal(String name) {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/+", -1)) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private InputException damaged(String what, Throwable cause) {
    return new InputException(
        "%s is damaged or no tar file (%s); fetch or make it again.".formatted(path, what), cause);
  }
}
