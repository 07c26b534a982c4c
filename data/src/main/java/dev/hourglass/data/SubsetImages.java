package dev.hourglass.data;

import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.SetReport;
import java.util.Arrays;
import java.util.List;

/** Some images of a set, numbered anew in their order there; the classes are those of the set. */
public final class SubsetImages implements ImageDataset {

  private final ImageDataset images;
  private final int[] indices;

  /**
   * @param indices in the set, at least one
   */
  public SubsetImages(ImageDataset images, int... indices) {
    if (indices.length == 0) {
      throw new IllegalArgumentException("a set has at least one image");
    }
    this.images = images;
    this.indices = indices.clone();
    Arrays.sort(this.indices);
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public DecodedImage decode(int index) throws CorruptImageException {
    return images.decode(indices[index]);
  }

  @Override
  public int label(int index) {
    return images.label(indices[index]);
  }

  @Override
  public String name(int index) {
    return images.name(indices[index]);
  }

  @Override
  public List<String> classNames() {
    return images.classNames();
  }

  @Override
  public SetReport report() {
    return images.report();
  }

  @Override
  public String howToLabel() {
    return images.howToLabel();
  }

  @Override
  public void close() {
    images.close();
  }
}
