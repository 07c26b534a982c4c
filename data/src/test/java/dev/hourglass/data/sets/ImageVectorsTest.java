package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.DecodedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageVectorsTest {

  @TempDir Path folder;

  private record Named(List<String> names) implements ImageDataset {
    @Override
    public int size() {
      return names.size();
    }

    @Override
    public DecodedImage decode(int index) {
      return new DecodedImage(1, 1, 1, new byte[1]);
    }

    @Override
    public int label(int index) {
      return -1;
    }

    @Override
    public String name(int index) {
      return names.get(index);
    }

    @Override
    public List<String> classNames() {
      return List.of();
    }
  }

  private final Named images = new Named(List.of("a.png", "b, c.png"));

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("vectors.csv"), text);
  }

  @Test
  void vectorsAreFoundByTheNameOfTheirImage() throws IOException {
    write("b, c.png,3,4.5\n\na.png, 1,-2e-1\nother.png,0,0\n");
    ImageVectors vectors = ImageVectors.read(images, folder, 2);
    assertThat(vectors.of(0)).containsExactly(1, -0.2f);
    assertThat(vectors.of(1)).containsExactly(3, 4.5f);
  }

  @Test
  void aByteOrderMarkAndAccentsWrittenApartDoNoHarm() throws IOException {
    write("\uFEFFa.png,1\r\nb, c.png,2\r\n");
    assertThat(ImageVectors.read(images, folder, 1).of(0)).containsExactly(1);
    Named accents = new Named(List.of("caf\u00e9.png"));
    write("cafe\u0301.png,7\n");
    assertThat(ImageVectors.read(accents, folder, 1).of(0)).containsExactly(7);
  }

  @Test
  void whatIsMissingOrWrongIsNamed() throws IOException {
    assertThatThrownBy(() -> ImageVectors.read(images, folder, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("vectors.csv cannot be read");
    write("a.png,1,2\n");
    assertThatThrownBy(() -> ImageVectors.read(images, folder, 2)).hasMessageContaining("b, c.png");
    write("a.png,1,x\n");
    assertThatThrownBy(() -> ImageVectors.read(images, folder, 2)).hasMessageContaining("line 1");
    write("a.png,1\n");
    assertThatThrownBy(() -> ImageVectors.read(images, folder, 2))
        .hasMessageContaining("2 numbers");
  }
}
