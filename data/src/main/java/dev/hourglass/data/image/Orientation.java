package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.TiffTags;

/**
 * What has to be done to a stored picture to show the scene upright (EXIF 2.32, tag 0x0112). In the
 * order of the tag's values, 1 to 8.
 */
public enum Orientation {
  NORMAL(false, false, false),
  MIRROR(false, false, true),
  HALF_TURN(false, true, true),
  FLIP(false, true, false),
  TRANSPOSE(true, false, false),
  QUARTER_TURN_RIGHT(true, false, true),
  TRANSVERSE(true, true, true),
  QUARTER_TURN_LEFT(true, true, false);

  private static final int TAG = 0x0112;

  /** Rows become columns, before anything is reversed. */
  private final boolean swapsAxes;

  private final boolean reversesRows;
  private final boolean reversesColumns;

  Orientation(boolean swapsAxes, boolean reversesRows, boolean reversesColumns) {
    this.swapsAxes = swapsAxes;
    this.reversesRows = reversesRows;
    this.reversesColumns = reversesColumns;
  }

  /**
   * What a block of EXIF data says, which has the form of a TIFF file; so a TIFF file can be asked
   * as well. Normal where it says nothing or is damaged.
   */
  static Orientation ofExif(byte[] tiff) {
    int value = new TiffTags(tiff).first(TAG).orElse(1);
    return value >= 1 && value <= values().length ? values()[value - 1] : NORMAL;
  }

  /** The stored picture as the scene was. */
  DecodedImage upright(DecodedImage stored) {
    return this == NORMAL ? stored : turn(stored, true);
  }

  /** The picture as it was stored: undoes {@link #upright}. */
  DecodedImage asStored(DecodedImage upright) {
    return this == NORMAL ? upright : turn(upright, false);
  }

  private DecodedImage turn(DecodedImage image, boolean toUpright) {
    int height = swapsAxes ? image.width() : image.height();
    int width = swapsAxes ? image.height() : image.width();
    DecodedImage turned =
        new DecodedImage(
            height,
            width,
            image.channels(),
            new byte[image.pixels().length],
            toUpright ? this : NORMAL);
    DecodedImage stored = toUpright ? image : turned;
    DecodedImage upright = toUpright ? turned : image;
    int channels = image.channels();
    for (int y = 0; y < stored.height(); y++) {
      for (int x = 0; x < stored.width(); x++) {
        int row = swapsAxes ? x : y;
        int column = swapsAxes ? y : x;
        row = reversesRows ? upright.height() - 1 - row : row;
        column = reversesColumns ? upright.width() - 1 - column : column;
        int inStored = (y * stored.width() + x) * channels;
        int inUpright = (row * upright.width() + column) * channels;
        System.arraycopy(
            image.pixels(),
            toUpright ? inStored : inUpright,
            turned.pixels(),
            toUpright ? inUpright : inStored,
            channels);
      }
    }
    return turned;
  }
}
