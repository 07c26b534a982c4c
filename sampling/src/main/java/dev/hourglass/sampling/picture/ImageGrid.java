package dev.hourglass.sampling.picture;

import dev.hourglass.core.InputException;
import dev.hourglass.sampling.GeneratedImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Many images as one, in rows, with a label under each if wanted. */
public final class ImageGrid {

  private static final int GAP = 2;
  private static final int SMALLEST_CELL = 64;

  private ImageGrid() {}

  /** As many columns as make the grid about square. */
  public static int squareColumns(int images) {
    return (int) Math.ceil(Math.sqrt(images));
  }

  /**
   * Drawn images, with the names of their classes if the model has classes, as square as can be.
   */
  public static BufferedImage of(List<GeneratedImage> images, List<String> classNames) {
    List<BufferedImage> pictures = images.stream().map(GeneratedImage::image).toList();
    int columns = squareColumns(images.size());
    if (images.getFirst().classNumber().isEmpty()) {
      return plain(pictures, columns);
    }
    List<String> labels =
        images.stream()
            .mapToInt(image -> image.classNumber().getAsInt())
            .mapToObj(c -> c < classNames.size() ? classNames.get(c) : "class " + c)
            .toList();
    return labelled(pictures, labels, columns);
  }

  /** Images edge to edge, without labels, pixels as they are. */
  public static BufferedImage plain(List<BufferedImage> images, int columns) {
    return draw(images, GridLabels.none(), columns, 1);
  }

  /**
   * Images with labels below them, wrapped where they are wider; small images are enlarged by a
   * whole factor, so that there is room. Without any font on the machine there are no labels.
   */
  public static BufferedImage labelled(
      List<BufferedImage> images, List<String> labels, int columns) {
    requireSome(images, columns);
    int width = images.getFirst().getWidth();
    int factor = Math.max(1, Math.ceilDiv(SMALLEST_CELL, width));
    return draw(images, GridLabels.of(labels, width * factor), columns, factor);
  }

  private static void requireSome(List<BufferedImage> images, int columns) {
    if (images.isEmpty() || columns < 1) {
      throw new InputException("A grid needs at least one image and one column.");
    }
  }

  private static BufferedImage draw(
      List<BufferedImage> images, GridLabels labels, int columns, int factor) {
    requireSome(images, columns);
    int width = images.getFirst().getWidth() * factor;
    int height = images.getFirst().getHeight() * factor;
    int cellWidth = width + GAP;
    int cellHeight = height + GAP + labels.height();
    int rows = Math.ceilDiv(images.size(), columns);
    BufferedImage grid =
        new BufferedImage(
            columns * cellWidth + GAP, rows * cellHeight + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = grid.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, grid.getWidth(), grid.getHeight());
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    for (int i = 0; i < images.size(); i++) {
      int x = GAP + i % columns * cellWidth;
      int y = GAP + i / columns * cellHeight;
      canvas.drawImage(images.get(i), x, y, width, height, null);
      labels.draw(canvas, i, x, y + height);
    }
    canvas.dispose();
    return grid;
  }
}
