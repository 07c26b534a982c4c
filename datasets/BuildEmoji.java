import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.twelvemonkeys.image.ResampleOp;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Builds {@code emoji-64.tar.gz} and {@code names.tsv} from the WebP images of the npm package
 * {@code @lobehub/fluent-emoji-3d} and the table {@code labels.tsv} (file stem, group, subgroup,
 * name).
 *
 * <p>Usage: {@code java -cp JARS BuildEmoji.java ASSETS_FOLDER LABELS_TSV OUTPUT_FOLDER}. The file
 * is a function of the input alone: entries are sorted by name and carry no time or owner, and the
 * gzip header has no time either.
 */
final class BuildEmoji {
  private static final int SIZE = 64;

  /**
   * The set was made with this decoder, version 3.14, which differs from libwebp (see README.md);
   * with another one the sums would change, and the models trained on the set with them.
   */
  private static final ImageReaderSpi WEBP = new WebPImageReaderSpi();

  /** Class names in class order, which is the order of the Unicode emoji table. */
  private static final List<String> GROUPS =
      List.of(
          "Smileys & Emotion",
          "People & Body",
          "Animals & Nature",
          "Food & Drink",
          "Travel & Places",
          "Activities",
          "Objects",
          "Symbols",
          "Flags");

  /** The package takes these from a source other than Fluent Emoji, under other terms. */
  private static final Set<String> FOREIGN_SUBGROUPS = Set.of("country-flag", "subdivision-flag");

  /**
   * Paperclip, video game and the three technologists: Microsoft's announcement of Fluent Emoji's
   * open release excepted them, so the MIT licence that the package declares for them is contested.
   */
  private static final Set<String> CONTESTED_STEMS =
      Set.of("1f4ce", "1f3ae", "1f9d1-200d-1f4bb", "1f468-200d-1f4bb", "1f469-200d-1f4bb");

  /** One of the five Fitzpatrick modifiers: the image repeats another one in a new colour. */
  private static final Pattern SKIN_TONE = Pattern.compile("\\b1f3f[b-f]\\b");

  private record Emoji(String stem, String group, String subgroup, String name) {
    static Emoji parse(String line) {
      String[] fields = line.split("\t", -1);
      if (fields.length != 4 || !GROUPS.contains(fields[1])) {
        throw new IllegalArgumentException(
            "The label line '" + line + "' is not 'stem, group, subgroup, name' between tabs.");
      }
      return new Emoji(fields[0], fields[1], fields[2], fields[3]);
    }

    boolean wanted() {
      return !FOREIGN_SUBGROUPS.contains(subgroup)
          && !CONTESTED_STEMS.contains(stem)
          && !SKIN_TONE.matcher(stem).find();
    }

    int label() {
      return GROUPS.indexOf(group);
    }
  }

  /** Gzip at the highest level, which {@link GZIPOutputStream} offers to subclasses only. */
  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
    if (args.length != 3) {
      throw new IllegalArgumentException(
          "Give three paths: the folder of WebP images, labels.tsv and the output folder.");
    }
    System.setProperty("java.awt.headless", "true");
    Path assets = Path.of(args[0]);
    Path output = Path.of(args[2]);
    List<Emoji> emojis;
    try (var lines = Files.lines(Path.of(args[1]), UTF_8)) {
      emojis =
          lines
              .map(Emoji::parse)
              .filter(Emoji::wanted)
              .sorted(Comparator.comparing(emoji -> emoji.stem() + ".png"))
              .toList();
    }

    MessageDigest pixels = MessageDigest.getInstance("SHA-256");
    List<String> names = new ArrayList<>();
    int[] counts = new int[GROUPS.size()];
    try (var tar =
        new TarArchiveOutputStream(
            new BestGzip(Files.newOutputStream(output.resolve("emoji-64.tar.gz"))))) {
      add(tar, "classes.txt", (String.join("\n", GROUPS) + "\n").getBytes(UTF_8));
      for (Emoji emoji : emojis) {
        byte[] rgb = shrink(assets.resolve(emoji.stem() + ".webp"));
        pixels.update(rgb);
        add(tar, emoji.stem() + ".cls", Integer.toString(emoji.label()).getBytes(US_ASCII));
        add(tar, emoji.stem() + ".png", png(rgb));
        names.add(emoji.stem() + ".png\t" + emoji.label() + "\t" + emoji.name());
        counts[emoji.label()]++;
      }
    }
    Files.writeString(output.resolve("names.tsv"), String.join("\n", names) + "\n", UTF_8);

    for (int label = 0; label < counts.length; label++) {
      System.out.printf("%d  %-18s %5d%n", label, GROUPS.get(label), counts[label]);
    }
    System.out.printf("   %-18s %5d%n", "all", emojis.size());
    // Compressed bytes depend on the zlib at hand; this sum is of the decoded pixels alone.
    System.out.println("SHA-256 of the pixels: " + HexFormat.of().formatHex(pixels.digest()));
  }

  /**
   * Reads one image and shrinks it over white.
   *
   * <p>Blending comes before resampling: the filter is linear and its weights sum to one, so the
   * result is that of resampling premultiplied colours and blending afterwards, and no fringe of
   * invisible colour can appear. Catmull-Rom keeps edges crisp with less ringing than Lanczos.
   *
   * @return RGB bytes, {@code [64, 64, 3]}
   */
  private static byte[] shrink(Path file) throws IOException {
    BufferedImage image;
    ImageReader reader = WEBP.createReaderInstance(null);
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(stream);
      image = reader.read(0);
    } finally {
      reader.dispose();
    }
    // A few images are 256x264: pad to a square, so that nothing is stretched or cut.
    int side = Math.max(image.getWidth(), image.getHeight());
    BufferedImage square = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = square.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, side, side);
    canvas.drawImage(image, (side - image.getWidth()) / 2, (side - image.getHeight()) / 2, null);
    canvas.dispose();
    BufferedImage small = new ResampleOp(SIZE, SIZE, ResampleOp.FILTER_CATROM).filter(square, null);

    byte[] rgb = new byte[SIZE * SIZE * 3]; // [y, x, channel]
    for (int i = 0; i < SIZE * SIZE; i++) {
      int pixel = small.getRGB(i % SIZE, i / SIZE);
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return rgb;
  }

  /**
   * Encodes RGB bytes {@code [64, 64, 3]} as a PNG, about a fifth smaller than ImageIO does: one
   * row filter for the whole image and the compression strategy are chosen by trying all of them.
   */
  private static byte[] png(byte[] rgb) throws IOException {
    byte[] best = null;
    for (int filter = 0; filter <= 4; filter++) {
      byte[] rows = filtered(rgb, filter);
      for (int strategy : new int[] {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED}) {
        byte[] data = deflated(rows, strategy);
        if (best == null || data.length < best.length) {
          best = data;
        }
      }
    }
    var header = new ByteArrayOutputStream();
    var fields = new DataOutputStream(header);
    fields.writeInt(SIZE); // width
    fields.writeInt(SIZE); // height
    fields.write(new byte[] {8, 2, 0, 0, 0}); // 8 bits, RGB, deflate, row filters, no interlace

    var png = new ByteArrayOutputStream();
    png.write(HexFormat.of().parseHex("89504e470d0a1a0a"));
    chunk(png, "IHDR", header.toByteArray());
    chunk(png, "IDAT", best);
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  /** Applies one PNG row filter (PNG specification, section 9.2) to all rows: {@code [64, 193]}. */
  private static byte[] filtered(byte[] rgb, int filter) {
    int stride = SIZE * 3;
    byte[] rows = new byte[SIZE * (1 + stride)];
    for (int y = 0; y < SIZE; y++) {
      int row = y * (1 + stride);
      rows[row] = (byte) filter;
      for (int x = 0; x < stride; x++) {
        int at = y * stride + x;
        int left = x >= 3 ? rgb[at - 3] & 0xff : 0;
        int up = y > 0 ? rgb[at - stride] & 0xff : 0;
        int corner = x >= 3 && y > 0 ? rgb[at - stride - 3] & 0xff : 0;
        int prediction =
            switch (filter) {
              case 0 -> 0;
              case 1 -> left;
              case 2 -> up;
              case 3 -> (left + up) / 2;
              default -> paeth(left, up, corner);
            };
        rows[row + 1 + x] = (byte) (rgb[at] - prediction);
      }
    }
    return rows;
  }

  private static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }

  private static byte[] deflated(byte[] bytes, int strategy) throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    deflater.setStrategy(strategy);
    var compressed = new ByteArrayOutputStream();
    try (var stream = new DeflaterOutputStream(compressed, deflater)) {
      stream.write(bytes);
    } finally {
      deflater.end();
    }
    return compressed.toByteArray();
  }

  private static void chunk(OutputStream png, String type, byte[] data) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(type.getBytes(US_ASCII));
    crc.update(data);
    var out = new DataOutputStream(png);
    out.writeInt(data.length);
    out.writeBytes(type);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    entry.setMode(0644);
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", ""); // the default is the name of whoever runs this
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
