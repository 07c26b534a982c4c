package dev.hourglass.data.sets;

import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import java.util.List;

/** A set of images that are not turned upright, for {@code "exif_orientation": false}. */
record AsStoredImages(ImageDataset images) implements ImageDataset {

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public DecodedImage decode(int index) throws CorruptImageException {
    return images.decode(index).asStored();
  }

  @Override
  public int label(int index) {
    return images.label(index);
  }

  @Override
  public String name(int index) {
    return images.name(index);
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
