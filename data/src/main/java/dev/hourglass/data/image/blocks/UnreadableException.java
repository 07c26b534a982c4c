package dev.hourglass.data.image.blocks;

import java.io.IOException;

/** A picture that a decoder refuses; the message is the reason, a clause without a full stop. */
public final class UnreadableException extends IOException {

  public UnreadableException(String reason) {
    super(reason);
  }

  public UnreadableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
