package dev.hourglass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.data.sets.ImageDataset;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {

  private static final String CONFIG =
      """
      {"model": {"type": "image_transformer_v2", "input_channels": 3, "input_size": [16, 16],
        "patch_size": [2, 2], "depths": [1, 1], "widths": [16, 32], "mapping_width": 32,
        "sigma_data": 0.5, "sigma_min": 0.01, "sigma_max": 80,
        "self_attns": [{"type": "neighborhood", "d_head": 16, "kernel_size": 3},
                       {"type": "global", "d_head": 16}],
        "sigma_sample_density": {"type": "cosine-interpolated"}}}
      """;

  @TempDir Path folder;

  @Test
  void theReadmesProgramsTrainAModelDrawAndEditWithIt() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (int i = 0; i < 10; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i, i, 0xFFFFFF);
      ImageIO.write(image, "png", images.resolve(i + ".png").toFile());
    }
    Path config = Files.writeString(folder.resolve("config.json"), CONFIG);
    Path run = folder.resolve("run");
    TrainModel.train(config, images, run, 3);
    Path checkpoint = run.resolve("checkpoints/step-00000003.safetensors");
    assertThat(checkpoint).exists();
    assertThat(DrawImages.draw(checkpoint)).hasSize(4).allMatch(image -> image.getWidth() == 16);
    assertThat(EditImages.completeLeftHalf(checkpoint, images.resolve("3.png")))
        .hasSize(4)
        .allMatch(image -> image.getRGB(3, 3) == 0xFFFFFFFF && image.getRGB(4, 3) == 0xFF000000);
  }

  @Test
  void aCopyIsFoundAmongTheTrainingImagesAlsoMirrored() throws Exception {
    Path training = Files.createDirectory(folder.resolve("training"));
    Path drawn = Files.createDirectory(folder.resolve("drawn"));
    for (int i = 0; i < 3; i++) {
      BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
      image.setRGB(0, i, 0xFFFFFF);
      ImageIO.write(image, "png", training.resolve(i + ".png").toFile());
    }
    BufferedImage copy = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    copy.setRGB(3, 1, 0xFFFFFF);
    copy.setRGB(0, 0, 0x000030);
    ImageIO.write(copy, "png", drawn.resolve("copy.png").toFile());

    try (ImageDataset images = ImageDataset.open(DatasetConfig.defaults(), drawn);
        ImageDataset data = ImageDataset.open(DatasetConfig.defaults(), training)) {
      assertThat(NearestImages.find(images, data))
          .containsExactly(new NearestImages.Nearest("copy.png", "1.png", 1.0));
      assertThat(NearestImages.find(data, data))
          .hasSize(3)
          .allSatisfy(
              pair -> {
                assertThat(pair.training()).isNotEqualTo(pair.image());
                assertThat(pair.distance()).isEqualTo(2 * 3 * 255 / 48.0);
              });
    }
  }
}
