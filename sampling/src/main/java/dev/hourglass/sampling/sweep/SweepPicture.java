package dev.hourglass.sampling.sweep;

import dev.hourglass.sampling.picture.GridLabels;
import dev.hourglass.sampling.picture.ImageGrid;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** The images of a sweep's cells in rows and columns, with their settings above and beside. */
public final class SweepPicture {

  private static final int GAP = 6;
  private static final int ROW_LABEL_WIDTH = 72;
  private static final int SMALLEST_BLOCK = 96;

  private SweepPicture() {}

  /**
   * Draws it.
   *
   * @param cells the images of each cell, row by row; all of one size and number
   */
  public static BufferedImage of(Sweep sweep, List<List<BufferedImage>> cells) {
    List<BufferedImage> blocks =
        cells.stream()
            .map(images -> ImageGrid.plain(images, ImageGrid.squareColumns(images.size())))
            .toList();
    int blockWidth = blocks.getFirst().getWidth();
    int factor = Math.max(1, Math.ceilDiv(SMALLEST_BLOCK, blockWidth));
    int width = blockWidth * factor;
    int height = blocks.getFirst().getHeight() * factor;
    int columns = sweep.columnLabels().size();
    int rows = blocks.size() / columns;
    GridLabels above = GridLabels.of(sweep.columnLabels(), width);
    GridLabels beside = GridLabels.of(sweep.rowLabels(), ROW_LABEL_WIDTH);
    int left = sweep.rowLabels().isEmpty() ? GAP : ROW_LABEL_WIDTH + 2 * GAP;
    int top = above.height() + GAP;

    BufferedImage picture =
        new BufferedImage(
            left + columns * (width + GAP),
            top + rows * (height + GAP),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = picture.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    for (int column = 0; column < columns; column++) {
      above.draw(canvas, column, left + column * (width + GAP), 0);
    }
    for (int row = 0; row < rows; row++) {
      int y = top + row * (height + GAP);
      if (!sweep.rowLabels().isEmpty()) {
        beside.draw(canvas, row, GAP, y + height / 2 - beside.height() / 2);
      }
      for (int column = 0; column < columns; column++) {
        int x = left + column * (width + GAP);
        canvas.drawImage(blocks.get(row * columns + column), x, y, width, height, null);
      }
    }
    canvas.dispose();
    return picture;
  }
}
