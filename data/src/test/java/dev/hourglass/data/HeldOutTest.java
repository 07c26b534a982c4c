package dev.hourglass.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HeldOutTest {

  @Property
  void everyImageIsOnOneSide(@ForAll @IntRange(min = 2, max = 500) int images) {
    HeldOut parts = HeldOut.of(images, 0.5);
    assertThat(IntStream.concat(Arrays.stream(parts.training()), Arrays.stream(parts.heldOut())))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, images).boxed().toList());
    assertThat(parts.heldOut()).hasSize(Math.toIntExact(Math.round(images / 2.0)));
  }

  @Property
  void aLargerShareHoldsOutTheImagesOfASmallerOne(
      @ForAll @IntRange(min = 10, max = 500) int images) {
    assertThat(HeldOut.of(images, 0.4).heldOut()).contains(HeldOut.of(images, 0.1).heldOut());
  }

  @Test
  void noSideMayBeEmpty() {
    assertThatThrownBy(() -> HeldOut.of(3, 0.1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> HeldOut.of(3, 0.9)).isInstanceOf(InputException.class);
  }
}
