package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

  @Test
  void countsInsertionsDeletionsReplacementsAndSwaps() {
    assertThat(Spelling.distance("widths", "widths")).isZero();
    assertThat(Spelling.distance("widhts", "widths")).isEqualTo(1);
    assertThat(Spelling.distance("width", "widths")).isEqualTo(1);
    assertThat(Spelling.distance("wodths", "widths")).isEqualTo(1);
    assertThat(Spelling.distance("", "abc")).isEqualTo(3);
  }

  @Test
  void theNearestWordIsMeant() {
    assertThat(Spelling.nearest("sigma_mim", List.of("sigma_max", "sigma_min")))
        .contains("sigma_min");
  }

  @Test
  void unrelatedWordsAreNotGuessed() {
    assertThat(Spelling.nearest("channels", List.of("depths", "widths"))).isEmpty();
  }
}
