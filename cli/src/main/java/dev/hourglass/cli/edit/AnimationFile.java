package dev.hourglass.cli.edit;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.Preview;
import dev.hourglass.sampling.picture.Animation;
import dev.hourglass.sampling.picture.ImageGrid;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Collects what an animation shows while images are drawn. */
public final class AnimationFile {

  private static final int MILLIS = 100;
  private static final int MILLIS_OF_END = 1500;

  private final Optional<Path> file;
  private final boolean ofWay;

  /** Of each image by its place: its guesses, step by step, then the image. */
  private final Map<Integer, List<BufferedImage>> pictures = new TreeMap<>();

  /**
   * @param file null if none is wanted
   * @param ofWay whether the images are the frames; else they emerge side by side
   */
  AnimationFile(Path file, boolean ofWay) {
    this.file = Optional.ofNullable(file);
    this.ofWay = ofWay;
  }

  /** Takes the guesses of a step. */
  public void add(Preview preview) {
    if (file.isEmpty() || ofWay) {
      return;
    }
    List<BufferedImage> guesses = preview.pictures();
    for (int i = 0; i < guesses.size(); i++) {
      of(preview.firstImage() + i).add(guesses.get(i));
    }
  }

  /** Takes an image that is done. */
  public void add(int place, GeneratedImage image) {
    if (file.isPresent()) {
      of(place).add(image.image());
    }
  }

  private List<BufferedImage> of(int place) {
    return pictures.computeIfAbsent(place, none -> new ArrayList<>());
  }

  /**
   * Writes it, if one is wanted.
   *
   * @return where
   */
  public Optional<Path> write() {
    file.ifPresent(path -> new Animation(frames(), MILLIS, MILLIS_OF_END).write(path));
    return file;
  }

  private List<BufferedImage> frames() {
    if (ofWay) {
      return pictures.values().stream().map(List::getLast).toList();
    }
    int steps = pictures.values().stream().mapToInt(List::size).max().orElseThrow();
    List<BufferedImage> frames = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      int now = step;
      // An image that was done sooner stays.
      List<BufferedImage> images =
          pictures.values().stream().map(all -> all.get(Math.min(now, all.size() - 1))).toList();
      frames.add(
          images.size() == 1
              ? images.getFirst()
              : ImageGrid.plain(images, ImageGrid.squareColumns(images.size())));
    }
    return frames;
  }
}
