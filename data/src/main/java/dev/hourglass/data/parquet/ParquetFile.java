package dev.hourglass.data.parquet;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.Validity;
import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One Parquet file of images, read from its first row to its last. */
public final class ParquetFile implements AutoCloseable {

  /** No class. */
  private static final int NONE = -1;

  /** Rows at once: encoded photographs may be megabytes each. */
  private static final int IMAGES_AT_ONCE = 16;

  private static final int LABELS_AT_ONCE = 1 << 14;

  /** Held, since the logging keeps no level of a logger that nobody holds. */
  private static final Logger READERS_LOG = Logger.getLogger("dev.hardwood");

  static {
    READERS_LOG.setLevel(Level.WARNING); // It tells which instructions it found.
  }

  private final Path path;
  private final ParquetFileReader reader;
  private final ImageColumns columns;

  private ParquetFile(Path path, ParquetFileReader reader, ImageColumns columns) {
    this.path = path;
    this.reader = reader;
    this.columns = columns;
  }

  /**
   * Opens a file.
   *
   * @throws InputException if it is no Parquet file, or holds no images
   */
  public static ParquetFile open(Path path) {
    ParquetFileReader reader;
    try {
      reader = ParquetFileReader.open(InputFile.of(path));
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, e);
    }
    try {
      return new ParquetFile(
          path,
          reader,
          ImageColumns.of(
              path, reader.getFileSchema(), reader.getFileMetaData().keyValueMetadata()));
    } catch (RuntimeException e) {
      close(path, reader);
      throw e;
    }
  }

  /** Takes an encoded image. */
  public interface Sink {

    /**
     * The next row's image: a part of an array, which may be kept; of length 0 if the row has none.
     */
    void accept(byte[] bytes, int from, int length) throws IOException;
  }

  /** The number of images. */
  public int rows() {
    return Math.toIntExact(reader.getFileMetaData().numRows());
  }

  /** The names of classes that the file gives; empty for none. */
  public List<String> classNames() {
    return columns.classNames();
  }

  /** The class of each row; -1 where it has none. */
  public int[] labels() {
    int[] labels = new int[rows()];
    Arrays.fill(labels, NONE);
    if (columns.label().isEmpty()) {
      return labels;
    }
    ImageColumns.Label label = columns.label().get();
    try (ColumnReader column =
        reader.buildColumnReader(label.name()).batchSize(LABELS_AT_ONCE).build()) {
      for (int row = 0; column.nextBatch(); ) {
        Validity valid = column.getLeafValidity();
        long[] longs = label.isLong() ? column.getLongs() : new long[0];
        int[] ints = label.isLong() ? new int[0] : column.getInts();
        for (int i = 0; i < column.getRecordCount(); i++, row++) {
          if (valid.isNotNull(i)) {
            long number = label.isLong() ? longs[i] : ints[i];
            // Test sets of the hub say -1.
            labels[row] = Math.toIntExact(Math.max(number, NONE));
          }
        }
      }
    } catch (RuntimeException e) {
      throw unreadable(path, e);
    }
    return labels;
  }

  /** Hands on the images of all rows, in order. */
  public void images(Sink sink) throws IOException {
    try (ColumnReader column =
        reader.buildColumnReader(columns.bytes()).batchSize(IMAGES_AT_ONCE).build()) {
      while (next(column)) {
        byte[] values = column.getBinaryValues();
        int[] offsets = column.getBinaryOffsets(); // One a row and the end: a row without is empty.
        for (int i = 0; i < column.getRecordCount(); i++) {
          sink.accept(values, offsets[i], offsets[i + 1] - offsets[i]);
        }
      }
    }
  }

  private boolean next(ColumnReader column) {
    try {
      return column.nextBatch();
    } catch (RuntimeException e) {
      throw unreadable(path, e);
    }
  }

  private static InputException unreadable(Path path, Exception cause) {
    String reason =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new InputException(
        "%s is damaged or no Parquet file that is read here (%s); fetch it again."
            .formatted(path, reason.strip().replaceAll("\\s+", " ").replaceFirst("[.]$", "")),
        cause);
  }

  private static void close(Path path, ParquetFileReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public void close() {
    close(path, reader);
  }
}
