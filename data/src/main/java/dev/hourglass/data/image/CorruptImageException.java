package dev.hourglass.data.image;

/**
 * One image of a set cannot be read. Not the end of a training run: the loader names the image,
 * skips it and goes on.
 */
public final class CorruptImageException extends Exception {

  private final String imageName;
  private final String reason;

  /**
   * @param imageName the image, as its data set calls it
   * @param reason what is wrong with it, a clause without a full stop
   */
  public CorruptImageException(String imageName, String reason) {
    this(imageName, reason, null);
  }

  public CorruptImageException(String imageName, String reason, Throwable cause) {
    super(imageName + ": " + reason, cause);
    this.imageName = imageName;
    this.reason = reason;
  }

  public String imageName() {
    return imageName;
  }

  public String reason() {
    return reason;
  }
}
