package dev.hourglass.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that would run code in Python, take all memory, or are damaged. */
class HostileFileTest {

  private static final int DAMAGES = 20_000;

  @TempDir Path folder;

  private void isRefused(byte[] pickle, String... parts) {
    Path file = Pickle.archive(folder.resolve("model.pth"), pickle);
    isRefused(file, parts);
  }

  private static void isRefused(Path file, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> TorchFile.open(file).close())
        .withMessageContaining(file.toString())
        .withMessageContainingAll(parts)
        .withMessageMatching("[^\\n]*\\.");
  }

  @ParameterizedTest
  @CsvSource({
    "os,system",
    "posix,system",
    "nt,system",
    "subprocess,Popen",
    "builtins,eval",
    "builtins,exec",
    "__builtin__,apply",
    "builtins,getattr",
    "torch,load",
    "torch.hub,load_state_dict_from_url",
    "torch.serialization,load",
    "torch._utils,_rebuild_wrapper_subclass",
    "numpy.core.multiarray,_reconstruct",
    "argparse,Namespace",
    "collections,OrderedDict.__init__",
    "importlib,import_module",
    "pickle,loads",
    "runpy,_run_code",
    "__main__,Model"
  })
  void whateverCouldRunIsRefusedByName(String module, String name) {
    String[] words = {"\"" + module + "." + name + "\"", "nothing in it was run"};
    byte[] argument =
        Pickle.protocol2().global(module, name).text("touch x").ops(0x85).ops("R.").bytes();
    isRefused(argument, words);
    isRefused(
        new Pickle()
            .ops(0x80, 4)
            .text(module)
            .text(name)
            .ops(0x93)
            .text("x")
            .ops(0x85)
            .ops("R.")
            .bytes(),
        words);
    isRefused(new Pickle().ops("(S'touch x'\ni" + module + "\n" + name + "\n.").bytes(), words);
    isRefused(Pickle.protocol2().ops("(").global(module, name).text("x").ops("o.").bytes(), words);
    isRefused(Pickle.protocol2().global(module, name).ops(")").ops(0x81).stop(), words);
    isRefused(Pickle.protocol2().ops("}").text("a").global(module, name).ops("s.").bytes(), words);
  }

  @Test
  void otherWaysToCodeAreRefused() {
    byte[] object =
        Pickle.protocol2().global("collections", "OrderedDict").ops(")").ops(0x81).stop();
    isRefused(object, "makes an object of a class");
    isRefused(
        Pickle.protocol2().global("collections", "OrderedDict").ops(")}").ops(0x92).stop(),
        "makes an object of a class");
    isRefused(Pickle.protocol2().ops(0x82, 1).stop(), "calls a registered extension");
    isRefused(Pickle.protocol2().ops(0x84).int32(7).stop(), "calls a registered extension");
    isRefused(Pickle.protocol2().ops("Pmodule\n.").bytes(), "refers to an object outside of it");
    isRefused(new Pickle().ops(0x80, 5, 0x97).stop(), "refers to memory outside of it");
    isRefused(
        Pickle.protocol2().ops("]}").text("__setstate__").text("x").ops("sb.").bytes(),
        "sets the state of an object that is no dictionary");
    isRefused(Pickle.protocol2().ops(0x8f).stop(), "has the operation 0x8f");
  }

  @Test
  void callsOfWhatIsNoFunctionAreRefused() {
    isRefused(Pickle.protocol2().text("os.system").ops(")R.").bytes(), "is damaged");
    isRefused(Pickle.protocol2().global("torch", "FloatStorage").ops(")R.").bytes(), "is damaged");
    isRefused(Pickle.protocol2().global("torch", "Size").ops(")R.").bytes(), "is damaged");
    isRefused(Pickle.protocol2().global("torch", "Size").text("x").ops("R.").bytes(), "is damaged");
    isRefused(
        Pickle.protocol2()
            .global("torch._utils", "_rebuild_tensor_v2")
            .ops("NNN")
            .ops(0x87)
            .ops("R.")
            .bytes(),
        "is damaged");
    isRefused(Pickle.protocol2().text("storage").ops(0x85).ops("Q.").bytes(), "is damaged");
    isRefused(Pickle.protocol2().text("module").ops("Q.").bytes(), "is damaged");
    isRefused(
        Pickle.protocol2().ops("(").text("module").text("x").ops("tQ.").bytes(), "no storage");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 5 | 1",
        "1 | 4 | 1",
        "4 | 1 | 1",
        "-1 | 2 | 1",
        "0 | 2 | 4",
        "0 | -1 | 1",
        "0 | 2 | -1",
        "0 | 5 | 0",
        "0 | 9223372036854775807 | 0",
        "0 | 9223372036854775807 | 9223372036854775807",
        "9223372036854775807 | 2 | 1",
      })
  void viewsBeyondTheirStorageAreRefused(long offset, long size, long stride) {
    isRefused(Pickle.ofTensor(offset, new long[] {size}, new long[] {stride}), "is damaged");
  }

  @Test
  void sizesThatOverflowAreRefused() {
    long half = 1L << 32;
    isRefused(Pickle.ofTensor(0, new long[] {half, half}, new long[] {0, 0}), "overflow");
    isRefused(Pickle.ofTensor(0, new long[] {4}, new long[] {1, 1}), "1 dimensions and 2 strides");
    isRefused(Pickle.ofTensor(0, new long[65], new long[65]), "65 dimensions");
    isRefused(
        Pickle.protocol2()
            .ops("}")
            .text("t")
            .storage("DoubleStorage", "0", 1L << 62)
            .ops("s.")
            .bytes(),
        "overflow");
    isRefused(
        Pickle.protocol2().ops("}").text("t").storage("FloatStorage", "0", -1).ops("s.").bytes(),
        "a storage of -1 elements");
  }

  @Test
  void storagesThatDoNotFitTheArchiveAreRefused() {
    Pickle wrongSize = Pickle.protocol2().ops("}").text("t");
    wrongSize.global("torch._utils", "_rebuild_tensor_v2").ops("(").storage("FloatStorage", "0", 5);
    byte[] pickle = wrongSize.number(0).ops("))").ops(0x89).ops("}tRs.").bytes();
    isRefused(pickle, "the storage \"0\" has 16 bytes instead of 20");
    Pickle missing = Pickle.protocol2().ops("}").text("t");
    missing
        .global("torch._utils", "_rebuild_tensor_v2")
        .ops("(")
        .storage("FloatStorage", "../0", 4);
    isRefused(
        missing.number(0).ops("))").ops(0x89).ops("}tRs.").bytes(),
        "the storage \"../0\" is missing");
  }

  @Test
  void bombsCostLittle() {
    // Each list holds the one before it twice: 2^30 elements if somebody unfolded them.
    Pickle doubled = Pickle.protocol2().ops("}").text("config").ops("]");
    for (int i = 0; i < 30; i++) {
      doubled.ops("q").ops(i).ops("0(h").ops(i).ops("h").ops(i).ops("l");
    }
    isRead(doubled.ops("s.").bytes());
    // A list and a dictionary that hold themselves.
    isRead(
        Pickle.protocol2()
            .ops("}")
            .text("config")
            .ops("]")
            .ops("q")
            .ops(0)
            .ops("h")
            .ops(0)
            .ops("as.")
            .bytes());
    isRead(
        Pickle.protocol2()
            .ops("}")
            .ops("q")
            .ops(0)
            .text("config")
            .ops("h")
            .ops(0)
            .ops("s.")
            .bytes());
    // A hundred thousand lists in each other.
    Pickle deep = Pickle.protocol2().ops("}").text("config").ops("]".repeat(100_000));
    isRead(deep.ops("a".repeat(99_999)).ops("s.").bytes());
    isRefused(Pickle.protocol2().ops("]".repeat(5_000_001)).stop(), "more than 5000000 operations");
    isRefused(
        Pickle.protocol2().ops(0x8d, 255, 255, 255, 255, 255, 255, 255, 127).stop(), "too early");
    isRefused(Pickle.protocol2().ops(0x8b).int32(Integer.MAX_VALUE).stop(), "is damaged");
    isRefused(Pickle.protocol2().ops("}]Ns.").bytes(), "a key that is neither text nor number");
  }

  private void isRead(byte[] pickle) {
    try (TorchFile file = TorchFile.open(Pickle.archive(folder.resolve("model.pth"), pickle))) {
      assertThat(file.names()).isEmpty();
      assertThat(file.metadata()).isEmpty();
    }
  }

  @Test
  void archivesThatAreNotPyTorchsAreRefused() throws IOException {
    Path file = folder.resolve("model.pth");
    byte[] pickle = Pickle.ofTensor(0, new long[] {4}, new long[] {1});
    isRefused(Pickle.archive(file, Map.of("archive/other.pkl", pickle)), "no pickle data.pkl");
    isRefused(Pickle.archive(file, Map.of("../../data.pkl", pickle)), "no pickle data.pkl");
    Map<String, byte[]> elsewhere = new LinkedHashMap<>();
    elsewhere.put("archive/data.pkl", pickle);
    elsewhere.put("archive/data/../data/0", new byte[16]);
    isRefused(Pickle.archive(file, elsewhere), "the storage \"0\" is missing");

    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(pickle);
    }
    isRefused(file, "is compressed");

    byte[] whole = Files.readAllBytes(Pickle.archive(file, pickle));
    isRefused(
        Files.write(file, Arrays.copyOf(whole, whole.length / 2)),
        "is damaged: it is no whole zip archive");
    isRefused(Pickle.archive(file, new byte[0]), "it ends too early");
    isRefused(Pickle.archive(file, Pickle.protocol2().number(3).stop()), "holds a single value");
  }

  /** Hundreds of megabytes that are claimed, not there. */
  @Test
  void entriesBeyondTheFileAreRefused() throws IOException {
    Path file =
        Pickle.archive(
            folder.resolve("model.pth"), Pickle.ofTensor(0, new long[] {4}, new long[] {1}));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int directory = text.lastIndexOf("PK\1\2");
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(directory + 20, 400_000_000).putInt(directory + 24, 400_000_000);
    isRefused(Files.write(file, bytes), "is");
  }

  @Test
  void aDamagedFileIsReadOrRefusedAndNothingElse() throws IOException, URISyntaxException {
    Path good = Path.of(HostileFileTest.class.getResource("kinds-protocol2.pth").toURI());
    byte[] content = Files.readAllBytes(good);
    byte[] pickle = pickleOf(content);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < DAMAGES; i++) {
      RandomStream random = RandomStream.of(11, i);
      byte[] damaged = pickle.clone();
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        Unpickler.load(good, ByteBuffer.wrap(damaged));
        read++;
      } catch (InputException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("damage " + i, e);
      }
    }
    assertThat(read).isGreaterThan(DAMAGES / 100);
    assertThat(refused).isGreaterThan(DAMAGES / 10);
  }

  @Test
  void aDamagedArchiveIsReadOrRefusedAndNothingElse() throws IOException, URISyntaxException {
    Path good = Path.of(HostileFileTest.class.getResource("kinds-protocol2.pth").toURI());
    byte[] content = Files.readAllBytes(good);
    int directory = new String(content, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    Path file = folder.resolve("damaged.pth");
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      RandomStream random = RandomStream.of(12, i);
      byte[] damaged = content.clone();
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        int at = directory + random.nextInt(content.length - directory);
        damaged[at] = (byte) random.nextInt(256);
      }
      Files.write(
          file,
          random.nextInt(10) == 0
              ? Arrays.copyOf(damaged, random.nextInt(damaged.length))
              : damaged);
      try (TorchFile opened = TorchFile.open(file)) {
        opened.names().forEach(opened::read);
      } catch (InputException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("damage " + i, e);
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void randomBytesAreReadOrRefusedAndNothingElse() {
    Path file = folder.resolve("random.pth");
    for (int i = 0; i < DAMAGES; i++) {
      RandomStream random = RandomStream.of(13, i);
      byte[] bytes = new byte[random.nextInt(200)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) random.nextInt(256);
      }
      try {
        assertThat(Unpickler.load(file, ByteBuffer.wrap(bytes))).isNotNull();
      } catch (InputException e) {
        assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("bytes " + i, e);
      }
    }
  }

  private static byte[] pickleOf(byte[] archive) {
    String text = new String(archive, StandardCharsets.ISO_8859_1);
    int begin = text.indexOf("\u0080\2}");
    int end = text.indexOf("PK\3\4", begin);
    return Arrays.copyOfRange(archive, begin, end);
  }
}
