package dev.hourglass.cli;

import static dev.hourglass.cli.CommandRun.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models in all forms that their files have, and files that are no models. */
class ModelFilesTest {

  @TempDir static Path folder;
  private static Fixture fixture;

  /** Float32, of one model. */
  private static Path whole;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    whole = folder.resolve("whole.safetensors");
    CommandRun.succeeds("convert", fixture.trained(2), "--out", whole, "--dtype", "fp32");
  }

  private static Path resource(String name) {
    try {
      return Path.of(ModelFilesTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path convert(Path in, String name) {
    Path out = folder.resolve(name);
    CommandRun.succeeds("convert", in, "--out", out, "--dtype", "fp32");
    return out;
  }

  private static Png sample(Path model) {
    Path out = folder.resolve("drawn-" + model.getFileName());
    CommandRun.succeeds(
        "sample", "--checkpoint", model, "-n", 1, "--steps", 3, "--seed", 3, "--out", out);
    try (var files = Files.list(out)) {
      return Png.read(files.findFirst().orElseThrow());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The number that {@code torch_save.py} writes. */
  private static float value(String name, int index) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return ((crc.getValue() + 7919L * index) % 200 + 1) / 1024f;
  }

  private static void holdsTheAveragedWeights(Path converted) {
    try (SafetensorsFile file = SafetensorsFile.open(converted)) {
      assertThat(file.names()).contains("aug_emb.weight", "mid_level.0.ff.up_proj.weight");
      assertThat(file.metadata()).containsOnlyKeys("config");
      for (String name : file.names()) {
        float[] values = file.floats(name);
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).as("%s %d", name, i).isEqualTo(value("model_ema." + name, i));
        }
      }
    }
  }

  @Test
  void aTrainingCheckpointOfTheAuthorsIsConvertedWithItsAveragedWeights() {
    holdsTheAveragedWeights(convert(resource("k-diffusion.pth"), "theirs.safetensors"));
  }

  @Test
  void aTrainingCheckpointOfTheAuthorsIsInspectedAndSampled() {
    Path theirs = resource("k-diffusion.pth");
    JsonNode inspected =
        new JsonMapper().readTree(CommandRun.succeeds("inspect", theirs, "--json").out());
    assertThat(inspected.get("checkpoint").get("kind").stringValue()).isEqualTo("training");
    assertThat(inspected.get("checkpoint").get("step").longValue()).isEqualTo(10000);
    Png drawn = sample(theirs);
    assertThat(folder.resolve("drawn-k-diffusion.pth/k-diffusion-3-0.png")).exists();
    assertThat(drawn.difference(sample(convert(theirs, "same.safetensors")))).isZero();
  }

  @Test
  void aTrainingCheckpointOfTheAuthorsStartsARun() throws IOException {
    Path theirs = resource("k-diffusion.pth");
    Path images = folder.resolve("ten-classes");
    for (int c = 0; c < 10; c++) {
      Path image = images.resolve("class" + c).resolve("0.png");
      Files.createDirectories(image.getParent());
      Files.copy(fixture.resolve("images/red/%d.png".formatted(c % 8)), image);
    }
    String json = Files.readString(resource("k-diffusion.json"));
    Path config = fixture.write("theirs.json", json.replace("\"mnist\"", "\"imagefolder-class\""));
    Object[] words = {
      "train",
      "--config",
      config,
      "--data",
      images,
      "--runs",
      fixture.runs(),
      "--name",
      "from-theirs",
      "--steps",
      1,
      "--batch-size",
      4,
      "--sample-every",
      0
    };
    List<Object> begun = new ArrayList<>(List.of(words));
    begun.addAll(List.of("--init", theirs));
    assertThat(CommandRun.succeeds(begun.toArray()).out()).contains("Trained to step 1");
    List<Object> resumed = new ArrayList<>(List.of(words));
    resumed.set(8, "resumed-theirs");
    resumed.addAll(List.of("--resume", theirs));
    isRefused("begin a run with its weights by --init", resumed.toArray());
  }

  @Test
  void anOldCheckpointWithoutAConfigIsGivenOne() {
    Path theirs = resource("k-diffusion-without-config.pth");
    Path out = folder.resolve("old.safetensors");
    isRefused("holds no model config", "convert", theirs, "--out", out);
    CommandRun.succeeds(
        "convert",
        theirs,
        "--config",
        resource("k-diffusion.json"),
        "--out",
        out,
        "--dtype",
        "fp32");
    holdsTheAveragedWeights(out);
  }

  /** A pickle of protocol 0 that would make a file if anybody ran it. */
  @Test
  void whatAMaliciousCheckpointAsksForIsNotDone() throws IOException {
    Path made = folder.resolve("made-by-the-attack");
    Path evil = folder.resolve("evil.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(evil))) {
      byte[] pickle =
          "cposix\nsystem\n(S'touch %s'\ntR.".formatted(made).getBytes(StandardCharsets.UTF_8);
      CRC32 crc = new CRC32();
      crc.update(pickle);
      ZipEntry entry = new ZipEntry("archive/data.pkl");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(pickle.length);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(pickle);
    }
    everyCommandRefuses(evil, "refers to \"posix.system\"");
    assertThat(made).doesNotExist();
  }

  private static void everyCommandRefuses(Path checkpoint, String sentencePart) {
    isRefused(sentencePart, "inspect", checkpoint);
    isRefused(sentencePart, "sample", "--checkpoint", checkpoint);
    isRefused(sentencePart, "convert", checkpoint, "--out", folder.resolve("never.safetensors"));
    for (String origin : List.of("--init", "--resume")) {
      isRefused(
          sentencePart,
          "train",
          "--config",
          fixture.config(),
          "--runs",
          fixture.runs(),
          "--name",
          "never",
          origin,
          checkpoint);
    }
  }

  /** Splits the model into two files and their index, with the config in one of them. */
  private static Path split(Path into) throws IOException {
    Files.createDirectories(into);
    try (SafetensorsFile file = SafetensorsFile.open(whole)) {
      List<String> names = List.copyOf(file.names());
      StringBuilder map = new StringBuilder();
      for (int part = 0; part < 2; part++) {
        String name = "model-0000%d-of-00002.safetensors".formatted(part + 1);
        List<String> own = names.subList(part * 9, part == 0 ? 9 : names.size());
        SafetensorsWriter.write(
            into.resolve(name),
            own.stream().map(file::read).toList(),
            part == 0 ? Map.of() : Map.copyOf(file.metadata()));
        own.forEach(tensor -> map.append(",\"%s\": \"%s\"".formatted(tensor, name)));
      }
      return Files.writeString(
          into.resolve("model.safetensors.index.json"),
          "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {%s}}".formatted(map.substring(1)));
    }
  }

  @Test
  void aModelInPartsIsReadByItsIndex() throws IOException {
    Path index = split(folder.resolve("parts"));
    assertThat(sample(index).difference(sample(whole))).isZero();
    assertThat(CommandRun.succeeds("inspect", index).out()).contains("inference checkpoint");
    Path joined = convert(index, "joined.safetensors");
    assertThat(joined).hasSameBinaryContentAs(whole);
  }

  @Test
  void aPartWithoutTheOthersIsRefused() throws IOException {
    Path index = split(folder.resolve("lost"));
    Path part = index.resolveSibling("model-00001-of-00002.safetensors");
    everyCommandRefuses(part, "is part 1 of the 2 parts of a model; give their index");
    Files.delete(part);
    everyCommandRefuses(index, "names the part " + part);
  }

  /** The model with its weights as one type, the bytes any. */
  private static Path ofType(DType dtype) {
    Path file = folder.resolve(dtype + ".safetensors");
    try (SafetensorsFile original = SafetensorsFile.open(whole)) {
      List<TensorData> tensors =
          original.names().stream()
              .map(
                  name -> {
                    long[] shape = original.tensor(name).dimensions();
                    int size = (int) (original.tensor(name).elements() * dtype.bits() + 7) / 8;
                    byte[] bytes = new byte[size];
                    // The root of an attention's scale is taken, so that must not be negative.
                    int sign = name.endsWith(".scale") ? 0 : 1 << 7;
                    for (int i = 0; i < size; i++) {
                      bytes[i] = (byte) (0x18 + i % 16 + i % 2 * sign);
                    }
                    if (dtype == DType.F4 && original.tensor(name).elements() % 2 == 1) {
                      shape = new long[] {2, 1}; // Whole bytes.
                      bytes = new byte[1];
                    }
                    return TensorData.of(name, dtype, shape, MemorySegment.ofArray(bytes));
                  })
              .toList();
      SafetensorsWriter.write(file, tensors, Map.copyOf(original.metadata()));
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({"F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ"})
  void weightsOfEightBitsAreRead(DType dtype) {
    Path narrow = ofType(dtype);
    assertThat(CommandRun.succeeds("inspect", narrow).out()).contains("inference checkpoint");
    sample(narrow);
    try (SafetensorsFile before = SafetensorsFile.open(narrow);
        SafetensorsFile after =
            SafetensorsFile.open(convert(narrow, dtype + "-wide.safetensors"))) {
      for (String name : after.names()) {
        assertThat(after.tensor(name).dtype()).isEqualTo(DType.F32);
        assertThat(after.floats(name)).isEqualTo(before.floats(name));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F4", "I8", "C64", "U16", "BOOL"})
  void weightsThatAreNoFloatsAreRefusedByTheirType(DType dtype) {
    Path file = ofType(dtype);
    String words = "is of type " + dtype + ", which weights cannot be read from";
    isRefused(words, "sample", "--checkpoint", file);
    isRefused(words, "convert", file, "--out", folder.resolve("never.safetensors"));
    CommandRun.succeeds("inspect", file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          page.safetensors    | <!DOCTYPE html><html></html>               | is a web page, not a checkpoint; download the file itself
          pointer.safetensors | version https://git-lfs.github.com/spec/v1 | is a Git LFS pointer, not a checkpoint; fetch the file
          notes.safetensors   | epochs: 10                                 | is a text file, not a checkpoint; give a safetensors file
          config.safetensors  | {"model": {}}                              | is a JSON file, not a checkpoint
          empty.safetensors   | ``                                         | is an empty file, not a checkpoint; copy or download it again
          """)
  void filesThatAreNoCheckpointsAreNamed(String name, String content, String sentencePart) {
    Path file = fixture.write("accidents/" + name, content == null ? "" : content);
    isRefused(sentencePart, "sample", "--checkpoint", file);
    isRefused(sentencePart, "convert", file, "--out", folder.resolve("never.safetensors"));
    for (String origin : List.of("--init", "--resume")) {
      isRefused(
          sentencePart,
          "train",
          "--config",
          fixture.config(),
          "--runs",
          fixture.runs(),
          "--name",
          "never",
          origin,
          file);
    }
  }

  @Test
  void filesThatAreNoConfigsAreNamed() {
    Path png = fixture.resolve("images/red/0.png");
    for (Object[] start :
        new Object[][] {
          {"train", "--runs", fixture.runs(), "--name", "never", "--config"},
          {"bench", "--out", folder.resolve("never.json"), "--cases"}
        }) {
      isConfigRefused(start, png, "is an image, not a config file");
      isConfigRefused(start, folder, "is a folder, not a config file");
      isConfigRefused(start, whole, "is a safetensors checkpoint, not a config file");
      isConfigRefused(
          start, resource("k-diffusion.pth"), "is a PyTorch checkpoint, not a config file");
    }
    everyCommandRefuses(png, "is an image, not a checkpoint");
    everyCommandRefuses(folder, "is a folder, not a checkpoint; name a file in it");
  }

  @Test
  void aConfigInUtf16IsNamed() throws IOException {
    Path config = folder.resolve("utf16.json");
    Files.writeString(config, Files.readString(fixture.config()), StandardCharsets.UTF_16);
    isRefused("is text in UTF-16, not a config file; save it as UTF-8", "inspect", config);
  }

  private static void isConfigRefused(Object[] start, Path config, String sentencePart) {
    List<Object> words = new ArrayList<>(List.of(start));
    words.add(config);
    isRefused(sentencePart, words.toArray());
  }

  @Test
  void aConfigWithCommentsIsReadWhateverItsName() throws IOException {
    String json = Files.readString(fixture.config());
    Path commented =
        fixture.write(
            "my.jsonc", "\uFEFF// mine\n" + json.replaceFirst("\\{", "{ /* the model */\n"));
    assertThat(CommandRun.succeeds("inspect", commented).out().lines().skip(1))
        .isEqualTo(CommandRun.succeeds("inspect", fixture.config()).out().lines().skip(1).toList());
    assertThat(
            CommandRun.succeeds(
                    "train",
                    "--config",
                    commented,
                    "--runs",
                    fixture.runs(),
                    "--name",
                    "commented",
                    "--steps",
                    1,
                    "--batch-size",
                    4,
                    "--sample-every",
                    0)
                .out())
        .contains("Trained to step 1");
  }
}
