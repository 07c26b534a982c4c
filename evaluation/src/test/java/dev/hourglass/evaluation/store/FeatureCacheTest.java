package dev.hourglass.evaluation.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.evaluation.FeatureSet;
import dev.hourglass.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {

  private static final double[] FEATURES = {1, 2, 3, 4, 5, 1e-300};
  private static final double[] LOGITS = {-1, 0.5};

  @TempDir Path folder;
  private FeatureCache cache;

  @BeforeEach
  void keep() {
    cache = new FeatureCache(folder.resolve("cache"));
    try (NumberedFeatures features =
        new NumberedFeatures(
            new long[] {7, 3},
            FeatureSet.copyOf(
                2, MemorySegment.ofArray(FEATURES), Optional.of(MemorySegment.ofArray(LOGITS))))) {
      cache.put("key", features);
    }
  }

  @Test
  void featuresAreFoundToTheBitUnderTheirKey() {
    try (NumberedFeatures found = cache.find("key").orElseThrow()) {
      assertThat(found.images()).containsExactly(7, 3);
      assertThat(Tensors.toDoubles(found.features().features())).isEqualTo(FEATURES);
      assertThat(Tensors.toDoubles(found.features().logits().orElseThrow())).isEqualTo(LOGITS);
    }
    assertThat(cache.find("other key")).isEmpty();
  }

  @Test
  void aDamagedFileCountsAsNone() throws Exception {
    Path file = cache.file("key");
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length - 3] ^= 4;
    Files.write(file, flipped);
    assertThat(cache.find("key")).isEmpty();
    Files.write(file, Arrays.copyOf(whole, whole.length - 8));
    assertThat(cache.find("key")).isEmpty();
    Files.writeString(file, "something else");
    assertThat(cache.find("key")).isEmpty();
    Files.write(file, whole);
    cache.find("key").orElseThrow().close();
  }

  @Test
  void aFileOfAnotherKeyIsNotTaken() throws Exception {
    Files.copy(cache.file("key"), cache.file("other"));
    assertThat(cache.find("other")).isEmpty();
  }
}
