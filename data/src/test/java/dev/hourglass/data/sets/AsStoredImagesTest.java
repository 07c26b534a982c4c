package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.data.image.DecodedImage;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsStoredImagesTest {

  @TempDir Path folder;

  @Test
  void theConfigSwitchesTheExifOrientationOff() throws Exception {
    try (InputStream file = DecodedImage.class.getResourceAsStream("pictures/exif6.jpg")) {
      Files.write(folder.resolve("a.jpg"), file.readAllBytes());
    }
    try (ImageDataset upright = ImageDataset.open(config(true), folder);
        ImageDataset asStored = ImageDataset.open(config(false), folder)) {
      assertThat(upright.decode(0).height()).isEqualTo(48);
      assertThat(upright.decode(0).width()).isEqualTo(32);
      assertThat(asStored.decode(0).height()).isEqualTo(32);
      assertThat(asStored.decode(0).width()).isEqualTo(48);
      assertThat(asStored.decode(0).pixels()).isEqualTo(upright.decode(0).asStored().pixels());
      assertThat(asStored.name(0)).isEqualTo("a.jpg");
      assertThat(asStored.label(0)).isEqualTo(-1);
    }
  }

  @Test
  void everyQuestionIsHandedOn() {
    for (Method question : ImageDataset.class.getMethods()) {
      if (!Modifier.isStatic(question.getModifiers())) {
        assertThat(AsStoredImages.class.getDeclaredMethods())
            .as("AsStoredImages must override %s", question.getName())
            .anyMatch(
                method ->
                    method.getName().equals(question.getName())
                        && Arrays.equals(method.getParameterTypes(), question.getParameterTypes()));
      }
    }
  }

  private static DatasetConfig config(boolean exifOrientation) {
    return new DatasetConfig(DatasetType.IMAGEFOLDER, "", 0, 0.1, exifOrientation, Map.of());
  }
}
