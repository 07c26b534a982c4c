package dev.hourglass.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

  @Test
  void countsInsertionsDeletionsReplacementsAndSwaps() {
    assertThat(Spelling.distance("widths", "widths")).isZero();
    assertThat(Spelling.distance("widhts", "widths")).isEqualTo(1);
    assertThat(Spelling.distance("width", "widths")).isEqualTo(1);
    assertThat(Spelling.distance("wwidths", "widths")).isEqualTo(1);
    assertThat(Spelling.distance("wodths", "widths")).isEqualTo(1);
    assertThat(Spelling.distance("", "abc")).isEqualTo(3);
  }

  @Test
  void theNearestWordIsMeant() {
    assertThat(Spelling.meant("sigma_mim", List.of("sigma_max", "sigma_min")))
        .contains("sigma_min");
    assertThat(Spelling.meant("hune", List.of("euler", "heun"))).contains("heun");
  }

  @Test
  void ofTwoThatAreEquallyNearTheFirstIsMeant() {
    assertThat(Spelling.meant("layer.2", List.of("layer.1", "layer.0"))).contains("layer.1");
  }

  @Test
  void aWordIsNotMeantIfMoreThanAThirdOfItMustChange() {
    assertThat(Spelling.meant("channels", List.of("depths", "widths"))).isEmpty();
    assertThat(Spelling.meant("abxyz", List.of("abc", "abcdefghi"))).isEmpty();
    assertThat(Spelling.meant("abcdef", List.of("abcdefghi"))).contains("abcdefghi");
    assertThat(Spelling.meant("abcde", List.of("abcdefghi"))).isEmpty();
  }

  @Test
  void capitalsAreNoMistakeInSpelling() {
    assertThat(Spelling.meant("rope", List.of("none", "ROPE"))).contains("ROPE");
    assertThat(Spelling.meant("adaln", List.of("AdaRMS", "AdaLN"))).contains("AdaLN");
  }

  @Test
  void aLongWordNearTheMarkBeatsAShortOneThatIsNot() {
    assertThat(Spelling.meant("normal", List.of("nor", "lognormal"))).contains("lognormal");
  }

  @Test
  void someWordIsAlwaysNearestUnlessNoneIsKnown() {
    assertThat(Spelling.nearest("channels", List.of("a", "channel_count", "b")))
        .contains("channel_count");
    assertThat(Spelling.nearest("channels", List.of())).isEmpty();
  }

  @Test
  void onlyTheBeginningOfVeryLongWordsIsCompared() {
    String common = "x".repeat(1_000_000);
    assertThat(Spelling.nearest(common + "a", List.of("y".repeat(1_000_000), common + "b")))
        .contains(common + "b");
  }

  @Test
  void adviceIsTheWordThatWasMeantOrAllOfThem() {
    List<String> known = List.of("depths", "widths");
    assertThat(Spelling.advice("widhts", known, "choose one of"))
        .isEqualTo("did you mean \"widths\"?");
    assertThat(Spelling.advice("channels", known, "choose one of"))
        .isEqualTo("choose one of depths, widths.");
  }
}
