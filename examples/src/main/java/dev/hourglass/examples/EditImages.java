package dev.hourglass.examples;

import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import dev.hourglass.sampling.Edit;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.Known;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Draws one half of an image anew. */
public final class EditImages {

  private EditImages() {}

  /** Four ways to complete the left half of a picture, which has the size of the model's images. */
  public static List<BufferedImage> completeLeftHalf(Path checkpoint, Path picture)
      throws IOException, CorruptImageException {
    DecodedImage image = ImageDecoder.decode(picture.toString(), Files.readAllBytes(picture));
    float[] mask = new float[image.height() * image.width()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % image.width() < image.width() / 2 ? 0 : 1; // 1 is drawn anew.
    }
    Edit edit = Edit.keeping(new Known.Outside(mask), List.of(image.toFloats())).withRepeats(4);
    List<BufferedImage> results = new ArrayList<>();
    try (ImageGenerator generator = ImageGenerator.load(checkpoint)) {
      generator.generate(
          SampleRequest.of(4).from(edit),
          SampleSettings.DEFAULT.withSteps(20),
          SampleListener.NONE,
          drawn -> results.add(drawn.image()));
    }
    return results;
  }
}
