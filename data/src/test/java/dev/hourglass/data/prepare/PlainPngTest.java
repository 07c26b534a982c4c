package dev.hourglass.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PlainPngTest {

  @Property(tries = 60)
  void anImageIsReadBackToTheBitWithAsManyChannels(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll boolean gray,
      @ForAll int seed)
      throws CorruptImageException {
    DecodedImage image = TestImages.pattern(height, width, gray ? 1 : 3, seed);
    DecodedImage read = ImageDecoder.decode("x.png", PlainPng.encode(image));
    assertThat(read.height()).isEqualTo(height);
    assertThat(read.width()).isEqualTo(width);
    assertThat(read.channels()).isEqualTo(image.channels());
    assertThat(read.pixels()).isEqualTo(image.pixels());
  }
}
