package dev.hourglass.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvalidFileTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("bad.safetensors");
  }

  private void assertRefused(byte[] content, String... parts) throws IOException {
    Files.write(file, content);
    assertRefused(file, parts);
  }

  private static void assertRefused(Path path, String... parts) {
    InputException e =
        catchThrowableOfType(InputException.class, () -> SafetensorsFile.open(path).close());
    assertThat(e).isNotNull();
    assertThat(e)
        .hasMessageContaining(path.toString())
        .hasMessageContainingAll(parts)
        .hasMessageEndingWith(".");
    assertThat(e.getMessage()).doesNotContain("\n").contains("; ");
  }

  /** One U8 tensor "a" of two elements, with one thing replaced. */
  private static byte[] twoBytes(String part, String replacement) {
    String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}";
    assertThat(header).contains(part);
    return RawFile.of(header.replace(part, replacement), 2);
  }

  private static String entry(String name, long begin, long end) {
    return "\"%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
        .formatted(name, end - begin, begin, end);
  }

  @Test
  void aMissingFileIsNamed() {
    assertRefused(folder.resolve("nowhere.safetensors"), "There is no file");
  }

  @Test
  void filesOfOtherKindsAreNamed() throws IOException {
    assertRefused(
        "// a config\n{\"model\": {}}".getBytes(StandardCharsets.UTF_8), "is a JSON file");
    assertRefused("no JSON at all".getBytes(StandardCharsets.UTF_8), "is a text file");
    assertRefused("<html>".getBytes(StandardCharsets.UTF_8), "is a web page", "not the page");
    assertRefused(
        "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8),
        "is a Git LFS pointer",
        "git lfs pull");
  }

  @Test
  void packedElementsThatEndWithinAByteAreRefused() throws IOException {
    assertRefused(
        RawFile.of("{\"a\":{\"dtype\":\"F4\",\"shape\":[1,3],\"data_offsets\":[0,2]}}", 2),
        "Tensor \"a\"",
        "takes 12 bits, which are no whole bytes");
    assertRefused(
        RawFile.of("{\"a\":{\"dtype\":\"F4\",\"shape\":[1,2],\"data_offsets\":[0,2]}}", 2),
        "takes 1 bytes, but its offsets 0 to 2 hold 2");
  }

  @Test
  void aFolderIsRefused() {
    assertRefused(folder, "is a folder");
  }

  @Test
  void aFileShorterThanItsLengthFieldIsTruncated() throws IOException {
    assertRefused(new byte[5], "is truncated", "holds 5 bytes");
  }

  @Test
  void anEmptyFileIsTruncated() throws IOException {
    assertRefused(new byte[0], "is truncated", "holds 0 bytes");
  }

  @Test
  void aHugeHeaderLengthIsRefusedBeforeAnyMemoryIsTaken() throws IOException {
    assertRefused(
        RawFile.ofLength(100_000_001, new byte[2], 0), "100000001 bytes", "at most 100000000");
  }

  @Test
  void theHeaderLengthIsUnsigned() throws IOException {
    assertRefused(RawFile.ofLength(-1, new byte[2], 0), "18446744073709551615 bytes");
  }

  @Test
  void aHeaderBeyondTheFileIsTruncated() throws IOException {
    assertRefused(
        RawFile.ofLength(50, new byte[7], 0), "is truncated", "header of 50 bytes but holds 7");
  }

  @Test
  void aHeaderOfNoBytesIsRefused() throws IOException {
    assertRefused(RawFile.of("", 3), "does not begin with '{'");
  }

  @Test
  void aHeaderThatIsNoObjectIsRefused() throws IOException {
    assertRefused(RawFile.of("[1,2]", 0), "does not begin with '{'");
  }

  @Test
  void spacesBeforeTheHeaderAreRefused() throws IOException {
    assertRefused(RawFile.of(" {}", 0), "does not begin with '{'");
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() throws IOException {
    byte[] header = "{\"?\":1}".getBytes(StandardCharsets.UTF_8);
    header[2] = (byte) 0xFF;
    assertRefused(RawFile.of(header, 0), "is not valid UTF-8", "download it again");
  }

  @Test
  void anOverlongUtf8FormIsRefused() throws IOException {
    byte[] header = "{\"??\":1}".getBytes(StandardCharsets.UTF_8);
    header[2] = (byte) 0xC0;
    header[3] = (byte) 0x80;
    assertRefused(RawFile.of(header, 0), "is not valid UTF-8");
  }

  @Test
  void brokenJsonIsRefusedWithItsPlace() throws IOException {
    assertRefused(twoBytes("\"shape\":", "\"shape\""), "is not valid JSON at character ");
  }

  @Test
  void aHeaderCutInItsMiddleIsRefused() throws IOException {
    assertRefused(RawFile.of("{\"a\":{\"dtype\":", 0), "is not valid JSON");
  }

  @Test
  void textAfterTheHeaderObjectIsRefused() throws IOException {
    assertRefused(RawFile.of("{} {}", 0), "something other than spaces follows");
  }

  @Test
  void deeplyNestedJsonIsRefused() throws IOException {
    String deep = "[".repeat(1_000_000);
    assertRefused(RawFile.of("{\"a\":" + deep, 0), "tensor \"a\" must be an object");
    assertRefused(
        RawFile.of("{\"a\":" + "{\"a\":".repeat(200_000), 0), "\"a\"", "unknown key \"a\"");
    assertRefused(
        RawFile.of("{\"a\":{\"shape\":" + deep, 0),
        "the shape of tensor \"a\" must be a list of whole numbers, not a structure");
  }

  @Test
  void twoTensorsOfOneNameAreRefused() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("a", 0, 2) + "," + entry("a", 2, 4) + "}", 4),
        "describes \"a\" twice");
  }

  @Test
  void namesThatAreEqualOnlyAfterUnescapingAreRefused() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("a", 0, 2) + "," + entry("\\u0061", 2, 4) + "}", 4),
        "describes \"a\" twice");
  }

  @Test
  void aKeyTwiceInAnEntryIsRefused() throws IOException {
    assertRefused(
        twoBytes("\"shape\":[2]", "\"shape\":[2],\"shape\":[2]"),
        "tensor \"a\" has the key \"shape\" twice");
  }

  @Test
  void anUnknownKeyInAnEntryIsRefused() throws IOException {
    assertRefused(
        twoBytes("\"shape\":[2]", "\"shape\":[2],\"stride\":[1]"),
        "tensor \"a\" has the unknown key \"stride\"");
  }

  @Test
  void missingKeysAreNamed() throws IOException {
    assertRefused(twoBytes("\"dtype\":\"U8\",", ""), "tensor \"a\" has no dtype");
    assertRefused(twoBytes("\"shape\":[2],", ""), "tensor \"a\" has no shape");
    assertRefused(twoBytes(",\"data_offsets\":[0,2]", ""), "tensor \"a\" has no data_offsets");
  }

  @Test
  void anUnknownDtypeIsRefusedWithTheKnownOnes() throws IOException {
    assertRefused(
        twoBytes("U8", "U9"), "tensor \"a\" has the unknown dtype \"U9\"", "F32", "BF16", "BOOL");
  }

  @Test
  void aDtypeThatIsNoStringIsRefused() throws IOException {
    assertRefused(twoBytes("\"U8\"", "8"), "the dtype of tensor \"a\" must be a string, not 8");
  }

  @Test
  void aTensorThatIsNoObjectIsRefused() throws IOException {
    assertRefused(RawFile.of("{\"a\":null}", 0), "tensor \"a\" must be an object, not null");
  }

  @Test
  void aNegativeDimensionIsRefused() throws IOException {
    assertRefused(twoBytes("[2]", "[-2]"), "\"a\"", "negative dimension -2", "[-2]");
  }

  @Test
  void aShapeWhoseProductOverflowsIsRefused() throws IOException {
    assertRefused(
        twoBytes("[2]", "[4294967296,4294967296]"),
        "\"a\"",
        "[4294967296, 4294967296]",
        "overflows 64 bits");
  }

  @Test
  void aShapeWhoseSizeInBytesOverflowsIsRefused() throws IOException {
    assertRefused(
        RawFile.of(
            "{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}",
            0),
        "\"a\"",
        "overflows 64 bits");
  }

  @Test
  void aDimensionBeyond64BitsIsRefused() throws IOException {
    assertRefused(
        twoBytes("[2]", "[9223372036854775808]"),
        "the shape of tensor \"a\"",
        "9223372036854775808",
        "overflows 64 bits");
    assertRefused(twoBytes("[2]", "[" + "9".repeat(900) + "]"), "\"a\"", "999...", "overflows");
    assertRefused(twoBytes("[2]", "[" + "9".repeat(5000) + "]"), "is not valid JSON");
  }

  @Test
  void dimensionsThatAreNotWholeNumbersAreRefused() throws IOException {
    for (String number : new String[] {"2.0", "1e999", "-1e-999", "true", "null", "\"2\""}) {
      assertRefused(
          twoBytes("[2]", "[" + number + "]"),
          "the shape of tensor \"a\" must be a list of whole numbers, not " + number);
    }
  }

  @Test
  void moreDimensionsThanAnyFrameworkHasAreRefused() throws IOException {
    assertRefused(
        twoBytes("[2]", "[2" + ",1".repeat(64) + "]"),
        "the shape of tensor \"a\" has more than 64 numbers");
  }

  @Test
  void offsetsInTheWrongOrderAreRefused() throws IOException {
    assertRefused(twoBytes("[0,2]", "[2,0]"), "\"a\"", "offsets 2 to 0", "not in order");
  }

  @Test
  void negativeOffsetsAreRefused() throws IOException {
    assertRefused(twoBytes("[0,2]", "[-2,0]"), "\"a\"", "offsets -2 to 0");
  }

  @Test
  void offsetsMustBeTwoNumbers() throws IOException {
    assertRefused(twoBytes("[0,2]", "[0]"), "tensor \"a\" has 1 data_offsets instead of 2");
    assertRefused(
        twoBytes("[0,2]", "[0,2,2]"), "the data_offsets of tensor \"a\" has more than 2 numbers");
    assertRefused(twoBytes("[0,2]", "[0,1e999]"), "whole numbers, not 1e999");
    assertRefused(twoBytes("[0,2]", "[0,99999999999999999999]"), "overflows 64 bits");
  }

  @Test
  void offsetsThatDoNotFitTheShapeAreRefused() throws IOException {
    assertRefused(twoBytes("[2]", "[3]"), "\"a\" of shape [3] and type U8 takes 3 bytes", "hold 2");
  }

  @Test
  void offsetsBeyondTheDataMeanATruncatedFile() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("a", 0, 10) + "}", 9),
        "is truncated: the header promises 10 bytes of data but the file holds 9; copy or download"
            + " it again.");
  }

  @Test
  void bytesAfterTheLastTensorAreRefused() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("a", 0, 10) + "}", 12),
        "2 bytes after the 10 bytes of data that its header describes");
  }

  @Test
  void dataWithoutAnyTensorIsRefused() throws IOException {
    assertRefused(RawFile.of("{}", 1), "1 bytes after the 0 bytes of data");
  }

  @Test
  void overlappingTensorsAreRefused() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("b", 3, 8) + "," + entry("a", 0, 4) + "}", 8),
        "tensor \"b\" (bytes 3 to 8 of the data) overlaps tensor \"a\" (bytes 0 to 4)");
  }

  @Test
  void aTensorInsideAnotherIsRefused() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("a", 0, 8) + "," + entry("b", 4, 4) + "}", 8),
        "tensor \"b\" (bytes 4 to 4 of the data) overlaps tensor \"a\"");
  }

  @Test
  void aHoleBetweenTensorsIsRefused() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("a", 0, 4) + "," + entry("b", 7, 8) + "}", 8),
        "the 3 bytes of data before tensor \"b\" belong to no tensor");
  }

  @Test
  void aHoleBeforeTheFirstTensorIsRefused() throws IOException {
    assertRefused(
        RawFile.of("{" + entry("a", 1, 4) + "}", 4),
        "the 1 bytes of data before tensor \"a\" belong to no tensor");
  }

  @Test
  void metadataMustBeAnObject() throws IOException {
    assertRefused(
        RawFile.of("{\"__metadata__\":[]}", 0), "__metadata__ must be an object of strings");
  }

  @Test
  void metadataValuesMustBeStrings() throws IOException {
    for (String value : new String[] {"1", "null", "true"}) {
      assertRefused(
          RawFile.of("{\"__metadata__\":{\"k\":" + value + "}}", 0),
          "the metadata entry \"k\" must be a string, not " + value);
    }
    assertRefused(
        RawFile.of("{\"__metadata__\":{\"k\":{}}}", 0), "\"k\" must be a string, not a structure");
  }

  @Test
  void aMetadataKeyTwiceIsRefused() throws IOException {
    assertRefused(
        RawFile.of("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0),
        "the metadata entry \"k\" is there twice");
  }

  @Test
  void metadataTwiceIsRefused() throws IOException {
    assertRefused(
        RawFile.of("{\"__metadata__\":{},\"__metadata__\":{}}", 0),
        "describes \"__metadata__\" twice");
  }

  @Test
  void halfASurrogatePairIsRefused() throws IOException {
    for (String half : new String[] {"\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83dx"}) {
      String quoted = "\"" + half + "\"";
      assertRefused(RawFile.of("{" + entry(half, 0, 1) + "}", 1), "not valid JSON");
      assertRefused(RawFile.of("{\"__metadata__\":{" + quoted + ":\"\"}}", 0), "not valid JSON");
      assertRefused(
          RawFile.of("{\"__metadata__\":{\"k\":" + quoted + "}}", 0),
          "the metadata entry \"k\" has half a surrogate pair");
    }
  }

  @Test
  void controlCharactersAndLongNamesDoNotSpoilTheMessage() throws IOException {
    assertRefused(
        RawFile.of("{\"a\\nb" + "c".repeat(5000) + "\":1}", 0),
        "tensor \"a\uFFFDbccc",
        "ccc...\" must be an object, not 1");
  }

  @Test
  void millionsOfEntriesAreRefusedBeforeTheyFillTheMemory() throws IOException {
    StringBuilder header = new StringBuilder("{\"__metadata__\":{");
    for (int i = 0; i <= 1_000_000; i++) {
      header.append(i == 0 ? "\"" : ",\"").append(Integer.toString(i, 36)).append("\":\"\"");
    }
    assertRefused(RawFile.of(header.append("}}").toString(), 0), "more than 1000000 entries");
  }
}
