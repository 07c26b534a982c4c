package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageDatasetTest {

  @TempDir private Path folder;

  @Test
  void opensEachTypeByItsOwnReader() throws Exception {
    TestImages.write(folder.resolve("f/cat/1.png"), TestImages.png(2, 2, 0));
    TestImages.write(
        folder.resolve("m/train-images-idx3-ubyte"),
        ByteBuffer.allocate(17).putInt(0x803).putInt(1).putInt(1).putInt(1).array());
    TestImages.write(folder.resolve("c/data_batch_1.bin"), new byte[3073]);
    TestImages.write(folder.resolve("t/a.tar"), TestImages.tar("1.png", TestImages.png(2, 2, 0)));
    assertThat(open(DatasetType.IMAGEFOLDER, 0, "f").classNames()).isEmpty();
    assertThat(open(DatasetType.IMAGEFOLDER_CLASS, 1, "f").classNames()).containsExactly("cat");
    assertThat(open(DatasetType.MNIST, 0, "m")).isInstanceOf(IdxImages.class);
    assertThat(open(DatasetType.CIFAR10, 10, "c")).isInstanceOf(CifarImages.class);
    assertThat(open(DatasetType.TAR, 0, "t")).isInstanceOf(TarImages.class);
  }

  @Test
  void numberOfClassesMustBeThatOfTheConfig() throws Exception {
    TestImages.write(folder.resolve("f/cat/1.png"), TestImages.png(2, 2, 0));
    TestImages.write(folder.resolve("f/dog/1.png"), TestImages.png(2, 2, 0));
    assertThat(open(DatasetType.IMAGEFOLDER_CLASS, 0, "f").classNames()).hasSize(2);
    assertThat(open(DatasetType.IMAGEFOLDER_CLASS, 2, "f").classNames()).hasSize(2);
    assertThatThrownBy(() -> open(DatasetType.IMAGEFOLDER_CLASS, 3, "f"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "dataset.num_classes is 3, but %s holds 2 classes (cat, dog); set it to 2.",
            folder.resolve("f"));
  }

  @Test
  void longListsOfClassesAreAbridged() throws Exception {
    for (int i = 10; i < 30; i++) {
      TestImages.write(folder.resolve("f/" + i + "/1.png"), TestImages.png(2, 2, 0));
    }
    assertThatThrownBy(() -> open(DatasetType.IMAGEFOLDER_CLASS, 3, "f"))
        .hasMessageContaining("holds 20 classes (10, 11, 12, ")
        .hasMessageContaining(", 21 and 8 more); set it to 20.");
  }

  @Test
  void classesCannotComeFromASetWithoutLabels() throws Exception {
    TestImages.write(folder.resolve("f/cat/1.png"), TestImages.png(2, 2, 0));
    assertThatThrownBy(() -> open(DatasetType.IMAGEFOLDER, 3, "f"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "dataset.num_classes is 3, but the images in %s have no labels; set it to 0, or sort"
                + " the images into one folder for each class and set dataset.type to"
                + " imagefolder-class.",
            folder.resolve("f"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HUGGINGFACE", "CUSTOM"})
  void typesThatNeedPythonAreRefusedWithAWayOut(DatasetType type) {
    assertThatThrownBy(() -> open(type, 0, "f"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "A dataset of type \"%s\" cannot be read here; export the images to a folder and set"
                + " dataset.type to imagefolder.",
            type.jsonName());
  }

  private ImageDataset open(DatasetType type, int numClasses, String name) {
    DatasetConfig config = new DatasetConfig(type, name, numClasses, 0.1);
    return ImageDataset.open(config, folder.resolve(name));
  }
}
