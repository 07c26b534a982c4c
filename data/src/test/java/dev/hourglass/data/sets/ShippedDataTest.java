package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that were begun with an older version go on with the same pixels. */
class ShippedDataTest {

  @ParameterizedTest
  @CsvSource({
    "TAR, emoji-64/emoji-64.tar.gz, 9,"
        + " de9eecd6b3cb6bc8d4f2de505cb877cf4ea42b28407d3cbd340c311485c8c294",
    "MNIST, fashion-mnist, 10,"
        + " c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
  })
  void theShippedSetsKeepTheirPixels(DatasetType type, String place, int classes, String digest)
      throws Exception {
    DatasetConfig config = new DatasetConfig(type, place, classes, 0.1);
    MessageDigest pixels = MessageDigest.getInstance("SHA-256");
    try (ImageDataset set = ImageDataset.open(config, Path.of("../datasets").resolve(place))) {
      for (int i = 0; i < set.size(); i++) {
        pixels.update(set.decode(i).pixels());
      }
    }
    assertThat(HexFormat.of().formatHex(pixels.digest())).isEqualTo(digest);
  }
}
