package dev.hourglass.data.image;

import java.io.IOException;

/** A picture that a decoder refuses; the message is the reason, a clause without a full stop. */
final class UnreadableException extends IOException {

  UnreadableException(String reason) {
    super(reason);
  }

  UnreadableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
