package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.GifBlocks;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;

/** GIF: the first frame at its place on the screen that the file describes. */
final class GifDecoder implements FormatDecoder {

  private final ImageIoReader reader = ImageIoReader.ofJdk("gif");

  @Override
  public Picture decode(byte[] file, PixelMemory.Share memory) throws IOException {
    GifBlocks blocks = new GifBlocks(file);
    int width = blocks.canvasWidth();
    int height = blocks.canvasHeight();
    memory.take(width, height);
    BufferedImage frame = reader.readFirst(file, memory);
    return Picture.of(
        frame.getWidth() == width && frame.getHeight() == height
            ? frame
            : onScreen(frame, blocks.x(), blocks.y(), width, height));
  }

  /**
   * The frame on a screen that is transparent, if the frame has a transparent colour, else of the
   * palette's first colour: what Pillow shows. The background colour of the file is not used, as no
   * browser does.
   */
  private static BufferedImage onScreen(BufferedImage frame, int x, int y, int width, int height) {
    IndexColorModel palette = (IndexColorModel) frame.getColorModel();
    WritableRaster screen = palette.createCompatibleWritableRaster(width, height);
    int[] row = new int[width];
    Arrays.fill(row, Math.max(palette.getTransparentPixel(), 0));
    for (int i = 0; i < height; i++) {
      screen.setSamples(0, i, width, 1, 0, row);
    }
    screen.setRect(x, y, frame.getRaster());
    return new BufferedImage(palette, screen, false, null);
  }
}
